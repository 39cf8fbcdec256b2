conntrack {
  log_max = 100
}
