conntrack {
  max_connections = 262144
}
