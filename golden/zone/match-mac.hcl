zone "console" {
  match {
    interface = "eth1"
    mac       = "02:00:5E:10:00:01"
  }
}
