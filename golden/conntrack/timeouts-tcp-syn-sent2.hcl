# The kernel has no sysctl for this state; only a timeout object can say it.
conntrack {
  timeouts = {
    tcp_established = "1h"
    tcp_syn_sent2   = 40
  }
}
