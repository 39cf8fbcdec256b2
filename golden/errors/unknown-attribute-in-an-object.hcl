conntrack {
  timeouts = {
    tcp_extablished = "1d"
  }
}
