zone "lan" {
  interface = "eth1"
}

ipset "scanners" {
  entries = ["192.0.2.1", "192.0.2.2"]
  size    = 1
}
