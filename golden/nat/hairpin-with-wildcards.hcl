zone "wan" { interface = "eth0" }
zone "lan" { interface = "vlan*" }
policy "lan" "wan" { action = "accept" }

nat "web" {
  type      = "dnat"
  from      = "wan"
  dest_ip   = "203.0.113.9"
  proto     = "tcp"
  dest_port = 80
  to_ip     = "10.0.1.10"
  hairpin   = true
}
