conntrack {
  timeouts = {
    tcp             = "1h"
    tcp_established = "2h"
  }
}
