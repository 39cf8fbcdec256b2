zone "lan" {
  interface = "eth1"
}
zone "wan" {
  interface = "eth0"
}

policy "lan" "wan" {
  rule "udp" {
    proto     = "udp"
    tcp_flags = "syn"
    action    = "accept"
  }

  rule "service" {
    service   = "ntp"
    tcp_flags = "syn"
    action    = "accept"
  }

  rule "icmp" {
    icmp_type = "echo-request"
    tcp_flags = "syn"
    action    = "accept"
  }
}
