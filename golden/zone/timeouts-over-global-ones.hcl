# What the zone leaves out is the global value, not the kernel's.
conntrack {
  timeouts = {
    tcp           = "12h"
    tcp_fin_wait  = 45
    udp           = 20
    udp_stream    = 200
    tcp_syn_sent2 = 33
  }
}

zone "wan" {
  interface = "eth0"

  conntrack {
    timeouts = {
      tcp = "2h"
    }
  }
}
