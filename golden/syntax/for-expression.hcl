zone "lan" {
  interfaces = [for n in ["1", "2"] : n]
}
