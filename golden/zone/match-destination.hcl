zone "anycast" {
  match {
    interface = "eth0"
    dst       = "192.0.2.53"
  }
}
