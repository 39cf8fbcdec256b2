zone "lan" {
  interface = ["eth1", "eth2"}
}
