conntrack {
  nat_helpers = {
    sip = {
      enabled     = true
      ports       = [5060, 5061]
      media_ports = [10000:20000]
    }
  }
}
