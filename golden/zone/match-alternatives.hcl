# Any one of the blocks is enough; inside a block everything must hold.
zone "staff" {
  match {
    interface = "eth1"
    src       = ["192.168.1.0/24", "2001:db8:1::/64"]
  }
  match {
    interface = "wg0"
  }
}
