zone "lan" {
  interface = names.0.1
}
