conntrack {
  max_connections = -1
  hash_size       = 0
  buckets         = 18446744073709551616
  log_max         = 10000001
}

zone "lan" {
  interface = "eth1"

  conntrack {
    limits = {
      max_per_ip     = 2147483648
      new_per_second = "20000000/second"
      ipv6_prefix    = 129
    }
    zone_id = 65536
  }
}
