conntrack {
  log_invalid = true
  log_max     = "20/second"
}
