conntrack {
  enabled = false
}
