zone "lan" {
  interface = "eth1"
}

ipset "nobody" {
  entries = []
}
