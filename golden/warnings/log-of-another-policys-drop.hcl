zone "wan" { interface = "eth0" }
zone "lan" { interface = "eth1" }
zone "dmz" { interface = "eth2" }

policy "wan" "lan" {
  log = true

  rule "mail" {
    service = "smtp"
    action  = "accept"
  }
}

# Between wan and this machine nobody else decides.
policy "wan" "self" {
  log = true
}

policy "dmz" "*" {
  counter = "servers"
}

policy "*" "*" {
  action = "drop"
}
