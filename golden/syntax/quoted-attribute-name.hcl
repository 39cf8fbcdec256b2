conntrack {
  "enabled" = true
}
