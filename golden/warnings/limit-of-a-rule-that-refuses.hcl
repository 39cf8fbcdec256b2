zone "lan" {
  interface = "eth1"
}
zone "wan" {
  interface = "eth0"
}

policy "lan" "wan" {
  rule "flood" {
    proto  = "udp"
    limit  = "10/second"
    action = "drop"
  }

  rule "burst" {
    proto       = "tcp"
    burst       = 10
    ipv6_prefix = 56
    action      = "reject"
  }
}
