zone "lan" {
  interface = "eth1"

  conntrack {
    track_protocols = ["icmp"]
    timeouts = {
      tcp = "1h"
      udp = 30
    }
    helpers = {
      ftp = true
    }
  }
}
