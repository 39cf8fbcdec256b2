conntrack {
  events = {
    update = false
  }
}

zone "lan" {
  interface = "eth1"

  conntrack {
    events = {
      new     = false
      update  = false
      destroy = false
    }
  }
}
