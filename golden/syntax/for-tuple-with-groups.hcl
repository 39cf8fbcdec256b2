zone "lan" {
  interfaces = [for v in ["eth1"] : v...]
}
