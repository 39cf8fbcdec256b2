zone "lan" {
  interface = "eth1"

  conntrack {
    timeouts = {
      tcp              = "1h"
      icmp             = 30
      gre_stream       = 60
      sctp_established = 60
      generic          = 60
    }
  }
}
