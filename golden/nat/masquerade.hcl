zone "wan" { interface = "eth0" }
zone "lan" { interface = "eth1" }
zone "dmz" { interface = "eth2" }
policy "lan" "wan" { action = "accept" }

nat "of ports" {
  type      = "masquerade"
  from      = "lan"
  to        = "dmz"
  proto     = ["tcp", "udp"]
  dest_port = [80, 443]
  to_port   = "20000-29999"
}

nat "of one family" {
  type   = "masquerade"
  to     = "wan"
  src_ip = "fd00:1::/64"
}

nat "by zones" {
  type         = "masquerade"
  from         = "dmz"
  to           = "wan"
  fully_random = true
}

nat "by interface" {
  type          = "masquerade"
  out_interface = "eth0"
  random        = true
}
