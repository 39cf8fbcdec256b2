zone "wan" {
  interface = "eth0"
}
zone "dmz" {
  interface = "eth1"
}
conntrack {
  tcp_loose = false
}

policy "wan" "dmz" {
  action = "accept"
}
nat "web" {
  type      = "dnat"
  from      = "wan"
  proto     = "tcp"
  dest_port = [80, 443]
  to_ip     = "10.0.2.5"
}

synproxy "web" {
  from    = "wan"
  service = "https"
}
synproxy "mail" {
  from      = "wan"
  dest_port = 25
}
