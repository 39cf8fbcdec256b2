conntrack {
  nat_helpers = {
    sip = {
      enabled     = true
      media_ports = ["low":"high"]
    }
  }
}
