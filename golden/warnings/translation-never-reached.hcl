zone "wan" { interface = "eth0" }
zone "lan" { interface = "eth1" }

policy "lan" "wan" {
  rule "marked" {
    proto  = "udp"
    mark   = "0x1/0xf"
    dscp   = "ef"
    action = "accept"
  }
  rule "marked and more" {
    proto     = "udp"
    dest_port = 53
    dscp      = "ef"
    mark      = "0x1/0xf"
    action    = "drop"
  }
  rule "another mark" {
    proto  = "udp"
    mark   = "0x2/0xf"
    dscp   = "ef"
    action = "drop"
  }
}

nat "web" {
  type      = "dnat"
  from      = "wan"
  proto     = "tcp"
  dest_port = [80, 443]
  to_ip     = "10.0.0.1"
}
nat "web again" {
  type      = "dnat"
  from      = "wan"
  proto     = "tcp"
  dest_port = 80
  to_ip     = "10.0.0.2"
}
nat "of the other family" {
  type      = "dnat"
  from      = "wan"
  proto     = "tcp"
  dest_port = 80
  to_ip     = "2001:db8::2"
}
nat "of another side" {
  type      = "dnat"
  from      = "lan"
  proto     = "tcp"
  dest_port = 80
  to_ip     = "10.0.0.2"
}

nat "hidden" {
  type          = "masquerade"
  out_interface = "eth0"
}
nat "too late" {
  type          = "snat"
  out_interface = "eth0"
  to_ip         = "198.51.100.1"
}
