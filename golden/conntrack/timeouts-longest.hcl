conntrack {
  timeouts = {
    tcp     = 2147483
    generic = 1
  }
}
