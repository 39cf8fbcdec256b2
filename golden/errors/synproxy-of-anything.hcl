zone "lan" {
  interface = "eth1"
}

synproxy "web" {
  proto = "tcp"
}

synproxy "dns" {
  proto     = ["tcp", "udp"]
  dest_port = 53
}

synproxy "state" {
  dest_port  = 443
  conn_state = "new"
}
