zone "wan" { interface = "eth0" }
zone "lan" { interface = "eth1" }
zone "dmz" { interface = "eth2" }
policy "lan" "wan" { action = "accept" }

nat "in turn" {
  type      = "dnat"
  from      = "wan"
  proto     = "tcp"
  dest_port = 80
  to_ip = [
    "10.0.2.2:8080",
    { address = "10.0.2.3", port = 8080, weight = 3 },
    "[2001:db8:d::2]:8080",
    "[2001:db8:d::3]:8081",
  ]
}

nat "by client" {
  type       = "dnat"
  from       = "wan"
  proto      = "udp"
  dest_port  = 53
  to_ip      = ["10.0.2.4", "10.0.2.5", "2001:db8:d::4", "2001:db8:d::5"]
  persistent = true
}
