zone "lan" {
  interface = var.interfaces.lan
}
