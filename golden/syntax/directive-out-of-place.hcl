zone "lan" {
  interface   = "eth1"
  description = "office%{ endif }"
}
