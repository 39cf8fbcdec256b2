conntrack {
  enabled = true
}

conntrack {
  log_invalid = true
}
