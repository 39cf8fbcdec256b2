zone "lan" {
  interface = "eth1"
}

flowtable "fast" {
  devices = ["eth0", "eth1"]
}

flowtable "fast" {
  devices = ["eth1", "wg*"]
}
