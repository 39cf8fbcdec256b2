zone "lan" {
  interface = "eth1"
}

zone "wan" {
  interface = "eth0"
}

nat "out" {
  type          = "masquerade"
  out_interface = "eth0"
  hairpin       = true
  forward       = true
}

nat "pair" {
  type    = "one_to_one"
  inside  = "192.168.1.10"
  outside = "203.0.113.10"
  random  = true
}

nat "port" {
  type         = "dnat"
  in_interface = "eth0"
  proto        = "tcp"
  dest_port    = 80
  to_port      = 8080
  hairpin      = true
}

nat "hidden" {
  type    = "masquerade"
  to      = "wan"
  outside = "203.0.113.10"
}
