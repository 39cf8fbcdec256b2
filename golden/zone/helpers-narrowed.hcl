conntrack {
  helpers = {
    ftp  = true
    tftp = true
  }
}

zone "guests" {
  interface = "eth2"

  conntrack {
    helpers = {
      ftp = false
    }
  }
}
