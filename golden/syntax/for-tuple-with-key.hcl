zone "lan" {
  interfaces = [for k, v in ["eth1"] : k => v]
}
