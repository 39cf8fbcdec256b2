zone "lan" {
  interface = "eth1"

  conntrack {
    track_protocols = ["tcp", "upd", "ospf"]
  }
}
