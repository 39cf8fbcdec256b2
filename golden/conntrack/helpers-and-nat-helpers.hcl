# Both speak of the same helpers; their ports come together.
conntrack {
  helpers = {
    ftp  = true
    tftp = true
  }
  nat_helpers = {
    ftp = {
      enabled = true
      ports   = [2121]
    }
    pptp = {
      enabled = true
      ports   = [1723]
    }
  }
}
