zone "lan" {
  interface = "eth1"

  conntrack {
    limits = {
      max_per_ip     = 0
      max_concurrent = 0
      new_per_second = 0
    }
  }
}
