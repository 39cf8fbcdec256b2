conntrack {
  helpers = {
    ftp = false
    sip = false
  }
}
