zone "wan" { interface = "eth0" }
zone "lan" { interface = "eth1" }
zone "dmz" { interface = "eth2" }
policy "lan" "wan" { action = "accept" }

nat "a known address" {
  type      = "dnat"
  from      = "wan"
  dest_ip   = ["203.0.113.9", "2001:db8:1::9"]
  proto     = "tcp"
  dest_port = 8080
  to_ip     = ["10.0.1.10:80", "[2001:db8:a::10]:80"]
  hairpin   = true
  forward   = true
}

nat "this machine's address" {
  type         = "dnat"
  in_interface = "eth0"
  proto        = "tcp"
  dest_port    = 443
  to_ip        = ["10.0.2.10", "10.0.2.11"]
  hairpin      = true
}
