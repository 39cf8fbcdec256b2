conntrack {
  max_connections = 1e20000 * 2
}
