zone "guests" {
}
zone "lan" {
  interface = "eth1"
}
policy "guests" "lan" {
  action = "accept"
}
