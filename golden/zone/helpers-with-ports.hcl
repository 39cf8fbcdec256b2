zone "lan" {
  interface = "eth1"

  conntrack {
    helpers = {
      ftp = { ports = [21, 2121] }
    }
  }
}
