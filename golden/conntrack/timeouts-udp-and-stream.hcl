conntrack {
  timeouts = {
    udp        = 25
    udp_stream = "3m"
  }
}
