zone "vpn" {
  interface = "wg+"
}

zone "guests" {
  interface = "tap*"
}
