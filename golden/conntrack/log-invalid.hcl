conntrack {
  log_invalid = true
}
