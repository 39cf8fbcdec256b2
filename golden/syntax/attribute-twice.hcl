zone "lan" {
  interface = "eth1"
  interface = "eth2"
}
