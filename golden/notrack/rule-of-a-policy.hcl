zone "wan" { interface = "eth0" }
zone "lan" { interface = "eth1" }

policy "lan" "wan" {
  rule "pings" {
    proto  = "icmp"
    action = "notrack"
  }
}

policy "lan" "self" {
  rule "names" {
    service = "dns"
    action  = "notrack"
  }
}
