zone "lan" {
  interface = "eth1"
}

conntrack {
  tcp_loose = true
}

synproxy "web" {
  proto     = "tcp"
  dest_port = 443
}
