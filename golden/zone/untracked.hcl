zone "backbone" {
  interface = "eth3"

  conntrack {
    enabled = false
  }
}

zone "lan" {
  interface = "eth1"
}
