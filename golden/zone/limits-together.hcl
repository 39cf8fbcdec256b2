conntrack {
  max_connections = 262144
}

zone "wan" {
  interface = "eth0"

  conntrack {
    limits = {
      max_per_ip     = 1000
      max_concurrent = 100000
      new_per_second = 1000
      new_per_ip     = 100
    }
  }
}
