conntrack {
  tcp_loose = false
}
zone "wan" {
  interface = "eth0"

  conntrack {
    limits = {
      max_per_ip = 10
    }
  }
}
zone "lan" {
  interface = "eth2"
}
zone "dmz" {
  interface = "eth1"
}

policy "wan" "dmz" {
  rule "web" {
    proto      = "tcp"
    dest_port  = 80
    max_per_ip = 10
    action     = "accept"
  }
}

synproxy "web" {
  from      = "wan"
  dest_port = 80
}

synproxy "inside" {
  from      = "lan"
  dest_port = 80
}
