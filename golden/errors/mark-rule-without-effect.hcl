zone "lan" {
  interface = "eth1"
}

mark_rule "none" {
  from = "lan"
}

mark_rule "both" {
  from    = "lan"
  save    = true
  restore = true
}
