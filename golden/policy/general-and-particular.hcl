# Rules of the particular policy come first, then those for all; then the action of the first that writes one.
zone "wan" { interface = "eth0" }
zone "lan" { interface = "eth1" }
zone "dmz" { interface = "eth2" }

policy "*" "wan" {
  action = "reject"
  rule "names" {
    service = "dns"
    action  = "accept"
  }
}

policy "lan" "wan" {
  rule "web" {
    service = "https"
    action  = "accept"
  }
}

policy "?mz" "l*" { action = "accept" }
