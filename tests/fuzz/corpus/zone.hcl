zone "lan" {
  interface = "eth1"
}
