zone "lan" {
  interface = "eth1"

  conntrack {
    limits = {
      max_concurrent = 100
      burst          = 50
      ipv6_prefix    = 56
    }
  }
}
