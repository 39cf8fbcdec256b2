zone "lan" {
  interface = "eth1"
  action = "forbid"
}
