zone "wan" { interface = "eth0" }
zone "lan" { interface = "eth1" }
policy "lan" "wan" { action = "accept" }

nat "shifted, with an address" {
  type      = "dnat"
  from      = "wan"
  proto     = ["tcp", "udp"]
  dest_port = [7000:7002]
  to_ip     = ["10.0.1.2", "2001:db8:a::2"]
  to_port   = [8000:8002]
  forward   = true
}

nat "shifted, here" {
  type      = "redirect"
  from      = "lan"
  proto     = "tcp"
  dest_port = [25:26]
  to_port   = [2525:2526]
}

nat "the same ports" {
  type      = "dnat"
  from      = "wan"
  proto     = "udp"
  dest_port = [9000:9009]
  to_ip     = "10.0.1.2:9000-9009"
}

nat "any of them" {
  type      = "dnat"
  from      = "wan"
  proto     = "udp"
  dest_port = [9100:9109]
  to_ip     = "10.0.1.2:9200-9209"
  random    = true
}
