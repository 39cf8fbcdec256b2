conntrack {
  helpers = {
    ftp  = { enabled = true, ports = [21, 2121] }
    tftp = { enabled = false }
  }
}
