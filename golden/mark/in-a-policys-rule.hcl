zone "wan" { interface = "eth0" }
zone "lan" { interface = "eth1" }

policy "lan" "wan" {
  rule "marked" {
    mark   = "0x35/0xfff"
    action = "accept"
  }
  rule "mark" {
    proto    = "tcp"
    dest_port = 22
    set_mark = 2
    action   = "accept"
  }
}
