conntrack {
  timeouts = {
    udp_stream = "3m"
  }
}
