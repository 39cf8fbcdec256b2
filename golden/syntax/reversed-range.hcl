conntrack {
  nat_helpers = {
    sip = {
      enabled     = true
      media_ports = [20000:10000]
    }
  }
}
