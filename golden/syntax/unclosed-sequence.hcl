zone "lan" {
  interface = "eth${1"
}
