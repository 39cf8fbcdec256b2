conntrack {
  max_connections = 1.5
  timeouts = {
    tcp = 0.5
  }
}
