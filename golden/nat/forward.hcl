zone "wan" { interface = "eth0" }
zone "lan" { interface = "eth1" }
zone "dmz" { interface = "eth2" }
policy "lan" "wan" { action = "accept" }

ipset "outside" {
  entries = ["203.0.113.16/28", "2001:db8:1::10"]
}

nat "to another port" {
  type = "dnat"
  from = "wan"
  src_ip = ["198.51.100.0/24", "2001:db8:5::/64"]
  dest_ip = "203.0.113.9"
  dest_ipset = "outside"
  proto = ["tcp", "udp"]
  dest_port = ["7000-7009", 7020]
  to_ip = ["10.0.2.2:8000", "[2001:db8:d::2]:8000"]
  forward = true
}

nat "to several" {
  type = "dnat"
  in_interface = "eth0"
  proto = "tcp"
  dest_port = 80
  to_ip = ["10.0.2.2:8080", "10.0.2.3:8080", "10.0.2.4:8081"]
  forward = true
}

nat "to another port of the same host" {
  type = "dnat"
  from = "wan"
  dest_ip = "10.0.2.5"
  proto = "tcp"
  dest_port = 2222
  to_port   = 22
  forward = true
}
