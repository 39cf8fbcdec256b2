zone "lan" {
  interface = "eth1"
}

synproxy "web" {
  proto     = "tcp"
  dest_port = 443
}
