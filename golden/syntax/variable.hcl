zone "lan" {
  interface = lan
}
