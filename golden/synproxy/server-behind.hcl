conntrack {
  tcp_loose = false
}
zone "wan" { interface = "eth0" }
zone "dmz" { interface = "eth2" }

synproxy "web" {
  from      = "wan"
  dest_ip   = ["198.51.100.10", "2001:db8:d::10"]
  proto     = "tcp"
  dest_port = [80, 443]
  mss       = 1400
  wscale    = 9
}

policy "wan" "dmz" {
  rule "web" {
    proto     = "tcp"
    dest_port = [80, 443]
    action    = "accept"
  }
}
