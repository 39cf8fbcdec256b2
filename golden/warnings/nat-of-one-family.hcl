zone "lan" {
  interface = "eth1"
}

zone "wan" {
  interface = "eth0"
}

nat "web" {
  type      = "dnat"
  dest_ip   = ["203.0.113.10", "2001:db8::10"]
  proto     = "tcp"
  dest_port = 80
  to_ip     = "192.0.2.10"
}
