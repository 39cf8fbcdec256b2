zone "lan" {
  description = "nowhere"
}

zone "wan" {
  match {}
}
