zone "lan" {
  interface = "eth1"

  conntrack {
    helpers = {
      snmp = true
    }
  }
}
