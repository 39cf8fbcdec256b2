zone "lan" {
  interface = "eth1"

  conntrack {
    limits = {
      new_per_ip = "1/day"
      burst      = 30
    }
  }
}
