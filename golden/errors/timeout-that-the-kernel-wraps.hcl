conntrack {
  timeouts = {
    tcp  = "30d"
    udp  = 0
    icmp = "99999999999999999999d"
  }
}
