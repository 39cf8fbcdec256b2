conntrack {
  timeouts = {
    tcp = 5m
  }
}
