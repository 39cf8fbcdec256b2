# A PPTP call is GRE: it has to be tracked for the helper to be of use.
conntrack {
  helpers = {
    pptp = true
  }
}

zone "wan" {
  interface = "eth0"

  conntrack {
    track_protocols = ["tcp", "udp"]
  }
}
