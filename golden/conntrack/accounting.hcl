conntrack {
  accounting = true
  timestamps = true
}
