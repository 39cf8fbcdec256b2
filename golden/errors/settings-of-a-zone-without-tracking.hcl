conntrack {
  enabled = false
}

zone "lan" {
  interface = "eth1"

  conntrack {
    limits = {
      max_concurrent = 100
    }
  }
}
