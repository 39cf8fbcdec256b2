zone "lan" {
  interface = "eth1"

  conntrack {
    enabled         = false
    track_protocols = ["tcp"]
    zone_id         = 1
    timeouts = {
      tcp = "1h"
    }
    helpers = {
      ftp = true
    }
    limits = {
      max_per_ip = 5
    }
    events = {
      new = false
    }
  }
}
