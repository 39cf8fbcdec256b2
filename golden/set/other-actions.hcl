zone "wan" { interface = "eth0" }
zone "lan" {
  interface = "eth1"
  conntrack {
    limits = { max_per_ip = 100 }
  }
}
policy "lan" "wan" {}

ipset "friends" {
  entries = ["10.0.1.10", "2001:db8:a::10"]
  action  = "accept"
}

ipset "refused" {
  entries  = ["10.0.1.11"]
  action   = "reject"
  match_on = "destination"
  apply_to = "forward"
}

ipset "watched" {
  entries    = ["10.0.1.12", "10.0.1.13"]
  action     = "log"
  log_prefix = "watched: "
}
