zone "wan" { interface = "eth0" }
zone "lan" { interface = "eth1" }
zone "dmz" { interface = "eth2" }

policy "*" "*" {
  priority = 10
  rule "never" {
    proto     = "tcp"
    dest_port = 445
    action    = "drop"
  }
}

policy "lan" "wan" { action = "accept" }
