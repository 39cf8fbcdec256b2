zone "lan" {
  interface = "eth1"
}
zone "wan" {
  interface = "eth0"
}

policy "lan" "wann" {
  action = "accept"
}
policy "guests" "self" {
  action = "accept"
}
