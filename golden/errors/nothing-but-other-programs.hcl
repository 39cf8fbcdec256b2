dhcp {
  enabled = true
}
