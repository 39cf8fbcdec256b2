zone "wan" {
  interface = "eth0"
}
zone "lan" {
  interface = "eth1"
}
policy "lan" "wan" {
  rule "web" {
    proto     = "tcp"
    dest_port = [80, 443, 8000:8100]
    action    = "accept"
  }
  rule "hidden" {
    proto     = "tcp"
    dest_port = 8080
    src_ip    = ["10.0.1.2", "2001:db8::2"]
    action    = "drop"
  }
  rule "of one family" {
    src_ip = "10.0.0.0/8"
    action = "accept"
  }
  rule "not hidden in IPv6" {
    proto     = "udp"
    dest_port = 53
    src_ip    = ["10.0.1.2", "2001:db8::2"]
    action    = "drop"
  }
}
