zone "guests" {
  interface = "eth2"
  action    = "drop"
}
