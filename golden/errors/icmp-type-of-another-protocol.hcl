zone "lan" {
  interface = "eth1"
}
zone "wan" {
  interface = "eth0"
}

policy "lan" "wan" {
  rule "tcp" {
    proto     = "tcp"
    icmp_type = "echo-request"
    action    = "accept"
  }

  rule "version" {
    proto     = "icmpv6"
    icmp_type = "timestamp-request"
    action    = "accept"
  }
}
