zone "lan" {
  interface = "eth1"
}
zone "wan" {
  interface = "eth0"
}

policy "lan" "wan" {
  rule "bare" {
    dest_port = 443
    action    = "accept"
  }

  rule "gre" {
    proto      = ["tcp", "gre"]
    dest_ports = [80, 443]
    action     = "accept"
  }

  rule "from" {
    proto    = "icmp"
    src_port = 1024
    action   = "accept"
  }
}
