zone "lan" {
  interface = "eth1"
}
zone "wan" {
  interface = "eth0"
}

policy "lan" {
}
policy "lan" "wan" "web" {
}
policy {
}
