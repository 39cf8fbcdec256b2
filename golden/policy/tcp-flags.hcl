zone "wan" { interface = "eth0" }
zone "lan" { interface = "eth1" }

policy "lan" "wan" {
  rule "open" {
    proto     = "tcp"
    tcp_flags = "syn"
    action    = "accept"
  }
  rule "other" {
    proto     = "tcp"
    tcp_flags = "ack,!rst"
    action    = "drop"
  }
}
