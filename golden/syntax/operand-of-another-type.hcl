conntrack {
  max_connections = 1024 * true
}
