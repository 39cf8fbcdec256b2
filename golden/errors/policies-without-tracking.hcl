conntrack {
  enabled = false
}
zone "lan" {
  interface = "eth1"
}
zone "wan" {
  interface = "eth0"
}

policy "lan" "wan" {
  action = "accept"
}
