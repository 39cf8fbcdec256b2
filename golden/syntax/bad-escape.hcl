zone "lan" {
  interface   = "eth1"
  description = "the \office"
}
