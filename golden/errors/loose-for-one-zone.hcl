zone "lan" {
  interface = "eth1"

  conntrack {
    helpers = {
      ftp = { loose = true }
    }
  }
}
