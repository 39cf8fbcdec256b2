zone "lan" {
  interface = "eth1"

  conntrack {
    track_protocols = []
    helpers = {
      ftp = { ports = [] }
    }
  }
}

zone "wan" {
  interface = []
  networks  = []
}
