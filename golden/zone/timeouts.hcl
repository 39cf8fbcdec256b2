zone "wan" {
  interface = "eth0"

  conntrack {
    timeouts = {
      tcp = "2h"
      udp = "10s"
    }
  }
}

zone "lan" {
  interface = "eth1"
}
