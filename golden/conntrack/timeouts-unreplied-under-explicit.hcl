conntrack {
  timeouts = {
    unreplied    = 15
    udp          = 25
    tcp_syn_sent = 35
    gre          = 45
  }
}
