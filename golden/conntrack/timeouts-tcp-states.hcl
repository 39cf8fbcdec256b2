conntrack {
  timeouts = {
    tcp_established = "5d"
    tcp_close_wait  = 61
    tcp_fin_wait    = 62
    tcp_syn_sent    = 63
    tcp_syn_recv    = 64
    tcp_time_wait   = 65
    tcp_last_ack    = 31
    tcp_close       = 11
  }
}
