zone "wan" { interface = "eth0" }
zone "lan" { interface = "eth1" }
zone "dmz" { interface = "eth2" }
policy "lan" "wan" { action = "accept" }

nat "another port" {
  type      = "redirect"
  from      = "lan"
  proto     = "tcp"
  dest_port = 80
  to_port   = 3128
}

nat "the same port" {
  type      = "redirect"
  from      = "lan"
  proto     = ["tcp", "udp"]
  dest_port = 53
  dest_ip   = "0.0.0.0/0"
  forward   = true
}

nat "one of some ports" {
  type      = "redirect"
  from      = "self"
  proto     = "tcp"
  dest_port = 25
  dest_ip   = ["203.0.113.25", "2001:db8:1::25"]
  to_port   = "2500-2509"
}
