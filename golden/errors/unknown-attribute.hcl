conntrack {
  max_conections = 262144
  foo = 1
}

zone "lan" {
  interface = "eth1"
  interfaze = "eth2"
}
