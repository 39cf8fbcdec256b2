schema_version = "1.0"

zone "wan" {
  interface = "eth0"
}

protection {
  syn_flood_protection = true
  syn_flood_rate       = 25
  invalid_packets      = true
}
