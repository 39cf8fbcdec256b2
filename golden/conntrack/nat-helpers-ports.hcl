conntrack {
  nat_helpers = {
    ftp = {
      enabled = true
      ports   = [21, 2121:2123, "8021", "9000-9010"]
    }
    h323 = {
      enabled = true
      ports   = [1720, 1721]
    }
  }
}
