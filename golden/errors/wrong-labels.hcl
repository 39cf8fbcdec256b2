conntrack "main" {}

zone {
  interface = "eth0"
}

zone "lan" "wan" {
  interface = "eth1"
}
