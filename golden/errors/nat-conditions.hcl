zone "lan" {
  interface = "eth1"
}

zone "wan" {
  interface = "eth0"
}

nat "out" {
  type          = "masquerade"
  out_interface = "eth0"
  src_ip        = "192.168.1.0/24"
  invert_src    = true
  days          = "monday"
}
