conntrack {
  timeouts = {
    gre  = 41
    icmp = 20
  }
}

zone "lan" {
  interface = "eth1"

  conntrack {
    timeouts = {
      icmp             = 7
      sctp_established = "1h"
      udplite_stream   = 50
      unreplied        = 8
    }
  }
}

zone "wan" {
  interface = "eth0"

  conntrack {
    timeouts = { icmp = 5 }
  }
}
