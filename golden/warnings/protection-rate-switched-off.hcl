zone "lan" {
  interface = "eth1"

  protection {
    syn_flood_protection = false
    syn_flood_rate       = 100
  }
}
