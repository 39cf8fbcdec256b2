zone "lan" {
  interface = "eth1"
}

zone "wan" {
  interface = "eth0"
}

nat "late" {
  type          = "redirect"
  out_interface = "eth0"
  proto         = "tcp"
  dest_port     = 80
  to_port       = 8080
}

nat "zone" {
  type  = "dnat"
  from  = "wan"
  to    = "lan"
  to_ip = "192.0.2.10"
}

nat "self" {
  type      = "masquerade"
  dest_zone = "self"
}
