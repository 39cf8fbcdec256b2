conntrak {}

zone "lan" {
  interface = "eth1"
  limits {}
}
