zone "lan" {
  interface = "eth1"
}

zone "wan" {
  interface = "eth0"
}

nat "out" {
  out_interface = "eth0"
}
