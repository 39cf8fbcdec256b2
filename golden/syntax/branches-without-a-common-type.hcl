zone "lan" {
  interface = true ? "eth1" : ["eth1", "eth2"]
}
