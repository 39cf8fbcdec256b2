zone "wan" {
  interface = "eth0"
}
zone "lan" {
  interface = "eth1"
}
zone "dmz" {
  interface = "eth2"
}
policy "lan" "wan" {
  rule "all" {
    action = "accept"
  }
}
policy "dmz" "wan" {
  rule "nothing" {
    action = "drop"
  }
}
policy "*" "wan" {
  rule "too late" {
    proto     = "tcp"
    dest_port = 25
    action    = "reject"
  }
}
