zone "lan" {
  interface = "eth1"
}
/* and so on
