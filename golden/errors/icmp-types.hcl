zone "lan" {
  interface = "eth1"
}
zone "wan" {
  interface = "eth0"
}

policy "lan" "wan" {
  rule "name" {
    icmp_type = "port-unreachable"
    action    = "accept"
  }

  rule "number" {
    icmp_type = 3
    action    = "accept"
  }

  rule "large" {
    icmp_type = 256
    action    = "accept"
  }
}
