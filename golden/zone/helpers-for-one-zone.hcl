zone "lan" {
  interface = "eth1"

  conntrack {
    helpers = {
      ftp = true
    }
  }
}

zone "wan" {
  interface = "eth0"
}
