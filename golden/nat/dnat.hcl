zone "wan" { interface = "eth0" }
zone "lan" { interface = "eth1" }
zone "dmz" { interface = "eth2" }
policy "lan" "wan" { action = "accept" }

nat "an address" {
  type      = "dnat"
  from      = "wan"
  proto     = "tcp"
  dest_port = [80, 443]
  to_ip     = "10.0.2.2"
}

nat "both families" {
  type         = "dnat"
  in_interface = "eth0"
  proto        = ["tcp", "udp"]
  dest_ip      = ["203.0.113.9", "2001:db8:1::9"]
  dest_port    = 5353
  to_ip        = ["10.0.2.3:53", "[2001:db8:d::3]:53"]
}

nat "a service" {
  type    = "dnat"
  from    = "wan"
  dest_ip = "203.0.113.10"
  service = "dns"
  to_ip   = "10.0.2.4"
}

nat "ranges" {
  type      = "dnat"
  from      = "wan"
  proto     = "udp"
  src_ip    = "198.51.100.0/24"
  dest_port = "7000-7009"
  to_ip     = "10.0.2.16-10.0.2.20:8000-8009"
}

nat "the port alone" {
  type      = "dnat"
  from      = "wan"
  proto     = "tcp"
  dest_port = 2222
  to_port   = 22
}
