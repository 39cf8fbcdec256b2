zone "wan" { interface = "eth0" }
zone "lan" { interface = "eth1" }
zone "dmz" { interface = "eth2" }
policy "lan" "wan" { action = "accept" }

nat "one address" {
  type   = "snat"
  from   = "lan"
  to     = "wan"
  src_ip = "10.0.1.0/24"
  to_ip  = "203.0.113.9"
}

nat "a range" {
  type       = "snat"
  to         = "wan"
  to_ip      = ["203.0.113.16-203.0.113.23", "2001:db8:1::10-2001:db8:1::1f"]
  persistent = true
}

nat "with ports" {
  type    = "snat"
  to      = "dmz"
  proto   = "udp"
  to_ip   = ["10.0.2.1", "2001:db8:d::1"]
  to_port = "20000-29999"
  random  = true
}
