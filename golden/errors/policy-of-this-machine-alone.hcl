zone "lan" {
  interface = "eth1"
}
zone "wan" {
  interface = "eth0"
}

policy "self" "Router" {
  action = "accept"
}
policy "lan" "self" {
  masquerade = true
}
