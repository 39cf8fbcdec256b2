zone "wan" { interface = "eth0" }
zone "lan" { interface = "eth1" }

mark_rule "phones" {
  from      = "lan"
  to        = "wan"
  proto     = "udp"
  dest_port = ["5060", "10000-20000"]
  set_mark  = "0x030"
}

mark_rule "part of the bits" {
  src_ip   = ["10.0.1.0/24", "2001:db8:a::/64"]
  set_mark = "0x005/0x00f"
}
policy "lan" "wan" {}
