# Messages about what is refused are few by themselves, or as many as is written.
zone "wan" { interface = "eth0" }
zone "lan" { interface = "eth1" }
zone "dmz" { interface = "eth2" }

protection "outside" {
  interface     = "eth0"
  anti_spoofing = true
  log           = true
}

protection "inside" {
  interface     = "eth1"
  anti_spoofing = true
  log_prefix    = "forged: "
  log_limit     = "10/hour"
}

protection "servers" {
  interface     = "eth2"
  anti_spoofing = true
  log           = true
  log_limit     = 0
}

policy "lan" "wan" { action = "accept" }
