conntrack {
  timeouts = {
    tcp     = "24h"
    udp     = "45s"
    icmp    = 20
    generic = "5m"
  }
}
