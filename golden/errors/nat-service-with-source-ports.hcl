zone "lan" {
  interface = "eth1"
}

zone "wan" {
  interface = "eth0"
}

service "odd" {
  proto    = "udp"
  port     = 500
  src_port = 500
}

nat "in" {
  type         = "dnat"
  in_interface = "eth0"
  service      = "odd"
  to_ip        = "192.0.2.10"
}
