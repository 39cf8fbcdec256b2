conntrack {
  enabled = false
}

zone "wan" {
  interface = "eth0"

  protection {
    syn_flood_rate = 25
    new_conn_rate  = 100
  }
}

protection {
  port_scan_protection = true
}
