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
  interface = "eth2"
}

zone "office" {
  interface = "eth1"

  management {
    ssh  = true
    icmp = true
  }
}

# Of three new connections two go to the larger server; each stays where it is. `persistent` keeps a visitor on one
# server for good. What is dealt out needs no policy.
nat "pages" {
  type       = "dnat"
  from       = "visitors"
  dest_ip    = ["203.0.113.1", "2001:db8:1::1"]
  service    = "https"
  persistent = true
  forward    = true
  to_ip = [
    { address = "10.0.2.2", port = 8443, weight = 2 },
    { address = "10.0.2.10", port = 8443 },
    { address = "2001:db8:d::2", port = 8443, weight = 2 },
    { address = "2001:db8:d::10", port = 8443 },
  ]
}

policy "office" "servers" {
  action = "accept"
}

# Nothing else: neither the servers by themselves, nor this machine.
policy "visitors" "*" {
  action = "drop"
}
