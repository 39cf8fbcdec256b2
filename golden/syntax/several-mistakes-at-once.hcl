conntrack {
  max_connections = = 5
  log_invalid = true
  timeouts = { tcp = 5m }
}

zone "lan" {
  interface = "eth1
}
