conntrack {
  timeouts = {
    tcp  = "5 days"
    udp  = "10ms"
    icmp = "30m1h"
  }
}
