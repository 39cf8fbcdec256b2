zone "lan" {
  interface = ["eth0", "eth1"]
}

zone "wan" {
  interface = "eth1"
}

zone "dmz" {
  interface = "wg+"
}

zone "vpn" {
  interface = "wg*"
  match {
    interface = "wg*"
  }
}
