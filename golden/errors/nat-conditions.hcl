policy "*" "*" {
  action = "accept"
}

zone "wan" {
  interface = "eth0"
}

nat "out" {
  type          = "masquerade"
  out_interface = "eth0"
  src_ip        = "192.168.1.0/24"
  conn_state    = "new"
  days          = "monday"
}

nat "pair" {
  type        = "one_to_one"
  src_ip      = "192.168.1.10"
  dest_ip     = "203.0.113.10"
  invert_dest = true
}

nat "mirror" {
  type        = "dnat"
  proto       = "tcp"
  dest_port   = 80
  dest_ip     = "203.0.113.10"
  invert_dest = true
  to_ip       = "192.168.1.10"
  hairpin     = true
}
