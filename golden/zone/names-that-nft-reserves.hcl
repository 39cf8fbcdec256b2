zone "dnat" {
  interface = "eth0"
}

zone "limit" {
  interface = "eth1"
}

zone "2nd-floor" {
  interface = "eth2"
}
