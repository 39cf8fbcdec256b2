zone "vpn" {
  interface = "wg*"

  conntrack {
    track_protocols = ["tcp", "sctp", "esp"]
  }
}
