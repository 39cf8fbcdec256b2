zone "lan" {
  match {
    src  = "10.0.0.0/8"
    vlan = 30
  }
  match {
    interface = "eth*"
    vlan      = 30
  }
  match {
    interface = "enp0s31f6np0"
    vlan      = 1000
  }
}
