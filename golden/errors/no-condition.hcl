zone "lan" {
  match {}
}
