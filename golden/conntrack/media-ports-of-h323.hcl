conntrack {
  nat_helpers = {
    h323 = {
      enabled     = true
      media_ports = [10000:20000]
    }
  }
}
