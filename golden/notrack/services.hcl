zone "wan" { interface = "eth0" }
zone "lan" { interface = "eth1" }

notrack "names" {
  from      = "lan"
  proto     = ["udp", "tcp"]
  dest_port = 53
}

policy "lan" "wan" { action = "accept" }
