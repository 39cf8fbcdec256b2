zone "lan" {
  interfaces = [for]
}
