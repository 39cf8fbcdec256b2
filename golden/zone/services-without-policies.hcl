# Without a policy nothing is closed, so there is nothing to open.
zone "lan" {
  interface = "eth1"

  management {
    ssh  = true
    icmp = true
  }

  services {
    dns = true
    port "8443" {}
  }
}
