zone "lan" {
  interface = "eth1"
}
zone "wan" {
  interface = "eth0"
}

policy "lan" "wan" {
  action = "accept"
}
policy "wan" "lan" {
}
policy "lan" "wan" {
  priority = 10
  action   = "drop"
}
policy "lan" "wan" {
  name = "another"
}
policy "lan" "WAN" {
  action = "drop"
}
