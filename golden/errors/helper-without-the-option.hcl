conntrack {
  nat_helpers = {
    pptp = { media_ports = [10000:20000] }
    sip  = { loose = true }
  }
}
