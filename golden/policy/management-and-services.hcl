zone "wan" { interface = "eth0" }
zone "lan" {
  interface = "eth1"
  management {
    ssh  = true
    web  = true
    icmp = true
  }
  services {
    dns  = true
    dhcp = true
    port "8443" {}
  }
}

policy "lan" "wan" { action = "accept" }
