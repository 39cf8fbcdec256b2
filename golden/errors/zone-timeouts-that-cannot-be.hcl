zone "lan" {
  interface = "eth1"

  conntrack {
    timeouts = {
      tcp        = "1h"
      gre        = 30
      gre_stream = 60
      generic    = 60
    }
  }
}
