zone "wan" { interface = "eth0" }
zone "lan" { interface = "eth1" }

policy "lan" "wan" {
  rule "ping" {
    proto     = "icmp"
    icmp_type = "echo-request"
    action    = "accept"
  }
  rule "four" {
    proto      = "icmp"
    icmp_types = ["timestamp-request", "address-mask-request"]
    action     = "accept"
  }
  rule "six" {
    proto     = "icmpv6"
    icmp_type = "packet-too-big"
    action    = "accept"
  }
}
