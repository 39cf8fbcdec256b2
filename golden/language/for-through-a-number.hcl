zone "lan" {
  interfaces = [for n in 2 : "eth${n}"]
}
