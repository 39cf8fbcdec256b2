zone "voice" {
  match {
    interface = "eth1"
    vlan      = 30
  }
}
