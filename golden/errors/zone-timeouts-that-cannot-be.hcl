zone "lan" {
  interface = "eth1"

  conntrack {
    timeouts = {
      tcp     = "1h"
      generic = 60
    }
  }
}
