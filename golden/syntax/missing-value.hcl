conntrack {
  max_connections =
  log_invalid = true
}
