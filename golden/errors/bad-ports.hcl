conntrack {
  helpers = {
    ftp = { ports = [0, 65536, 21.5, "http", "30-20", 0:5, -1] }
  }
}
