# The exact name wins.
zone "vpn" {
  interface = "wg*"
}

zone "admin" {
  interface = "wg0"
}
