zone "wan" { interface = "eth0" }
zone "lan" { interface = "eth1" }

ipset "banned" {
  dynamic = true
  timeout = "1h"
  entries = ["198.51.100.7"]
  action  = "drop"
}

ipset "guests" {
  dynamic = true
  size    = 100
}

policy "lan" "wan" {
  rule "guests" {
    src_ipset = "guests"
    action    = "accept"
  }
}
