zone "lan" {
  interface = "eth0"
  match {
    interface = "eth0"
  }
}
