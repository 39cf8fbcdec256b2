# With addresses of IPv4 alone, every IPv6 packet is outside of them.
zone "wan" { interface = "eth0" }
zone "lan" { interface = "eth1" }

policy "lan" "wan" {
  rule "both" {
    src_ip     = ["192.168.1.10", "2001:db8:1::10"]
    invert_src = true
    proto      = "tcp"
    dest_port  = 80
    action     = "accept"
  }
  rule "four" {
    dest_ip     = ["198.51.100.0/24", "198.51.101.1"]
    invert_dest = true
    proto       = "udp"
    dest_port   = 53
    action      = "accept"
  }
}
