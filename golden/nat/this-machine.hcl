zone "wan" { interface = "eth0" }
zone "lan" { interface = "eth1" }
zone "dmz" { interface = "eth2" }
policy "self" "wan" { action = "accept" }

nat "its own source" {
  type  = "snat"
  from  = "self"
  to    = "wan"
  to_ip = "203.0.113.9"
}

nat "its own names" {
  type      = "dnat"
  from      = "self"
  proto     = ["tcp", "udp"]
  dest_port = 53
  to_ip     = ["10.0.2.53:5353", "[2001:db8:d::53]:5353"]
}
