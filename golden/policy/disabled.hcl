zone "wan" { interface = "eth0" }
zone "lan" { interface = "eth1" }
zone "dmz" { interface = "eth2" }

policy "lan" "wan" {
  action = "accept"
  rule "off" {
    service  = "ssh"
    action   = "drop"
    disabled = true
  }
}

policy "lan" "dmz" {
  action  = "accept"
  enabled = false
}
