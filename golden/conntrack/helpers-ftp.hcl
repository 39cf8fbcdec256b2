conntrack {
  helpers = {
    ftp = true
  }
}
