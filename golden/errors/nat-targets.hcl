zone "lan" {
  interface = "eth1"
}

zone "wan" {
  interface = "eth0"
}

nat "nowhere" {
  type         = "dnat"
  in_interface = "eth0"
}

nat "no-address" {
  type          = "snat"
  out_interface = "eth0"
}

nat "address" {
  type          = "masquerade"
  out_interface = "eth0"
  to_ip         = "203.0.113.1"
}

nat "elsewhere" {
  type         = "redirect"
  in_interface = "eth1"
  to_ip        = "192.0.2.1"
}

nat "reversed" {
  type         = "dnat"
  in_interface = "eth0"
  to_ip        = "192.0.2.9-192.0.2.1"
}

nat "network" {
  type         = "dnat"
  in_interface = "eth0"
  to_ip        = "192.0.2.0/28"
}

nat "two-ports" {
  type         = "dnat"
  in_interface = "eth0"
  proto        = "tcp"
  dest_port    = 80
  to_ip        = "192.0.2.1:8080"
  to_port      = 8081
}

nat "shared" {
  type         = "dnat"
  in_interface = "eth0"
  proto        = "tcp"
  dest_port    = 80
  to_ip        = ["192.0.2.1:8080", "192.0.2.2"]
}

nat "ranges" {
  type         = "dnat"
  in_interface = "eth0"
  to_ip        = ["192.0.2.1-192.0.2.2", "192.0.2.4"]
}

nat "weights" {
  type         = "dnat"
  in_interface = "eth0"
  to_ip        = [{ address = "192.0.2.1", weight = 0 }, { weight = 2 }, { host = "192.0.2.1" }]
}

nat "masked" {
  type          = "snat"
  out_interface = "eth0"
  to_ip         = ["192.0.2.1", "192.0.2.2"]
}
