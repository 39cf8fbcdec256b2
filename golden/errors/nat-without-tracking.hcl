zone "lan" {
  interface = "eth1"
}

zone "wan" {
  interface = "eth0"
}

conntrack {
  enabled = false
}

nat "out" {
  type          = "masquerade"
  out_interface = "eth0"
}
