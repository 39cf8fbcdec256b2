zone "lan" {
  interface = "eth1"
}

zone "wan" {
  interface = "eth0"
}

nat "any" {
  type         = "dnat"
  in_interface = "eth0"
  to_ip        = "192.0.2.10:8080"
}

nat "gre" {
  type         = "dnat"
  in_interface = "eth0"
  proto        = "gre"
  to_ip        = "192.0.2.10"
  to_port      = 8080
}
