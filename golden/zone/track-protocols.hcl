# icmp means both versions.
zone "wan" {
  interface = "eth0"

  conntrack {
    track_protocols = ["tcp", "udp", "icmp"]
  }
}
