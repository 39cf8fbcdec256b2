conntrack {
  enabled: true
}
