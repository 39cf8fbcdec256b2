zone "lan" {
  interface = "eth0"
}

zone "lan" {
  interface = "eth1"
}

zone "LAN" {
  interface = "eth2"
}
