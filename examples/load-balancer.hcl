# In front of web servers: many short connections, a table wide enough for them, and no visitor who takes
# the room of the others.

conntrack {
  max_connections = 1048576
  hash_size       = 262144

  timeouts = {
    tcp           = "10m"
    tcp_time_wait = 15
    tcp_fin_wait  = 15
    unreplied     = 10
  }

  accounting = true
  timestamps = true
}

zone "visitors" {
  interface = "eth0"

  conntrack {
    limits = {
      max_per_ip     = 200
      new_per_ip     = "50/second"
      new_per_second = 20000
      ipv6_prefix    = 56
    }
  }
}

zone "servers" {
  interface = "eth1"
}
