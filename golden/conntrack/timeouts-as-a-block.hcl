conntrack {
  timeouts {
    tcp = "1h30m"
    udp = "90"
  }
}
