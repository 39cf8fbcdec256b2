zone "wan" { interface = "eth0" }
zone "lan" { interface = "eth1" }
policy "lan" "wan" { action = "accept" }

ipset "scanners" {
  entries = ["198.51.100.7", "198.51.100.9", "2001:db8:bad::1"]
  action  = "drop"
}

ipset "networks" {
  entries   = ["192.0.2.0/25", "192.0.2.128-192.0.2.255", "192.0.2.64/26", "2001:db8:bad::/48"]
  action    = "drop"
  match_on  = "both"
  log       = true
  log_limit = "10/minute"
}
