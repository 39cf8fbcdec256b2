conntrack {
  log_invalid = true
  log_max     = 0
}
