zone "iot" {
  match {
    interface = "eth1.20"
  }
  match {
    vlan = 20
  }
}
policy "iot" "self" {
}
