zone "lan" {
  interface = "eth1"
}
zone "guests" {
  networks = ["192.168.9.0/24"]
}

mark_rule "fine" {
  from = "lan"
  save = true
}
mark_rule "early" {
  from = "guests"
  save = true
}
