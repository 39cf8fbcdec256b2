zone "lan" {
  interface = "eth1"
}

zone "wan" {
  interface = "eth0"
}

nat "calls" {
  type         = "dnat"
  in_interface = "eth0"
  proto        = "udp"
  dest_port    = "10000-10100"
  to_ip        = "192.0.2.10"
  to_port      = "20000-20009"
}

nat "listed" {
  type         = "dnat"
  in_interface = "eth0"
  proto        = "udp"
  dest_port    = ["30000-30004", "30010-30014"]
  to_port      = "31000-31009"
}
