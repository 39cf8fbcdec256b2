zone "wan" { interface = "eth0" }
zone "lan" { interface = "eth1" }
zone "dmz" { interface = "eth2" }

policy "lan" "wan" {
  name   = "base"
  action = "reject"
  rule "web" {
    services = ["http", "https"]
    action   = "accept"
  }
}

policy "dmz" "wan" {
  inherits = "base"
  rule "mail" {
    service = "smtp"
    action  = "accept"
  }
}
