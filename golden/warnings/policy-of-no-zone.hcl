zone "lan" {
  interface = "eth1"
}
zone "wan" {
  interface = "eth0"
}

policy "guest*" "wan" {
  action = "accept"
}
