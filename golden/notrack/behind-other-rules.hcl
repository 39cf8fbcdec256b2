# What the rules ahead decide on stays tracked; the one for TCP has nothing to do with it.
zone "wan" { interface = "eth0" }
zone "lan" { interface = "eth1" }

policy "lan" "wan" {
  rule "blocked" {
    src_ip = "192.0.2.1"
    action = "drop"
  }
  rule "mail" {
    proto     = "tcp"
    dest_port = 25
    action    = "accept"
  }
}

policy "*" "wan" {
  rule "names" {
    proto     = "udp"
    dest_port = 53
    action    = "notrack"
  }
}
