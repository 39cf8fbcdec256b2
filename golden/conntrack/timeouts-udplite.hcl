conntrack {
  timeouts = {
    udp     = 25
    udplite = 40
  }
}
