zone "lan" {
  interface = "eth1"
}

zone "wan" {
  interface = "eth0"
}

policy "lan" "wan" {
  rule "signalling" {
    proto   = "sctp"
    timeout = "10m"
    action  = "accept"
  }

  rule "pings" {
    proto    = "icmp"
    timeouts = { icmp = 5 }
    action   = "accept"
  }

  rule "web" {
    proto   = ["tcp", "sctp"]
    timeout = "1h"
    action  = "accept"
  }
}
