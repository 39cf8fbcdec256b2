zone "lan" {
  interface = "eth1"
}
zone "wan" {
  interface = "eth0"
}
ipset "offices" {
  entries = ["192.0.2.0/24"]
}

policy "lan" "wan" {
  rule "addresses" {
    src_ip  = "192.168.1.0/24"
    dest_ip = ["2001:db8::1", "2001:db8::2"]
    action  = "accept"
  }

  rule "set" {
    src_ipset = "offices"
    dest_ip   = "2001:db8::1"
    action    = "accept"
  }

  rule "type" {
    icmp_type = "nd-redirect"
    src_ip    = "192.168.1.10"
    action    = "accept"
  }

  rule "version" {
    proto  = "icmpv6"
    src_ip = "192.168.1.10"
    action = "accept"
  }
}
