zone "wan" {
  interface = "eth0"

  conntrack {
    timeouts = {
      tcp_syn_sent  = 20
      tcp_syn_recv  = 21
      tcp_time_wait = 22
      tcp_syn_sent2 = 23
      udp_stream    = "4m"
    }
  }
}
