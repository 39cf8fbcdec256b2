zone "lan" {
  interface = "eth${[1]}.7"
}
