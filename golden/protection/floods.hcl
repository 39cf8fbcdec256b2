zone "wan" {
  interface = "eth0"

  protection {
    syn_flood_protection = true
    syn_flood_rate       = "100/second"
    syn_flood_burst      = 200
    icmp_rate_limit      = true
    icmp_rate            = "10/second"
    new_conn_rate_limit  = true
    new_conn_rate        = "50/second"
  }
}
zone "lan" { interface = "eth1" }
policy "wan" "lan" { action = "accept" }
