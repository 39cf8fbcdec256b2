zone "lan" {
  interface = "eth${1 + 1}"
}
