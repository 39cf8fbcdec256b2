conntrack {
  helpers = {
    ftp = false
    sip = true
  }
  nat_helpers = {
    ftp = {
      enabled = true
      ports   = [2121]
    }
    sip = { enabled = false }
  }
}
