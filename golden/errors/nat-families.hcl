zone "lan" {
  interface = "eth1"
}

zone "wan" {
  interface = "eth0"
}

nat "web" {
  type      = "dnat"
  dest_ip   = "203.0.113.10"
  proto     = "tcp"
  dest_port = 80
  to_ip     = "2001:db8::10"
}

nat "pair" {
  type    = "one_to_one"
  inside  = "192.168.1.10"
  outside = "2001:db8::10"
}

ipset "six" {
  entries = ["2001:db8::/32"]
}

nat "set" {
  type      = "snat"
  src_ipset = "six"
  to_ip     = "203.0.113.10"
}
