conntrack {
  max_connections = null
  timeouts        = null
}
