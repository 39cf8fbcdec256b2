zone "wan" { interface = "eth0" }
zone "lan" { interface = "eth1" }
zone "dmz" { interface = "eth2" }

policy "lan" "wan" {
  action     = "accept"
  masquerade = true
}

policy "dmz" "wan" {
  action     = "accept"
  masquerade = true
}
