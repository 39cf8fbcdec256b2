conntrack {
  enabled         = "yes"
  max_connections = true
  hash_size       = [65536]
  timeouts        = 60
  log_max         = {}
  events = {
    new = 2
  }
  helpers = {
    ftp = [21]
  }
}

zone "lan" {
  interface = { name = "eth1" }
  networks  = [10.5]

  conntrack {
    track_protocols = [["tcp"]]
  }
}
