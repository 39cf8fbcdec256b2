zone "lan" {
  interface = "eth1"
}

zone "wan" {
  interface = "eth0"
}

nat "out" {
  type          = "masquerade"
  out_interface = "eth0"
  random        = true
  fully_random  = true
}
