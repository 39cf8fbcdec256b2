zone "lan" {
  interface = "eth1"
}

ipset "scanners" {
  entries  = ["192.0.2.1"]
  apply_to = "input"
}

ipset "addresses" {
  entries = ["192.0.2.1"]
  column  = "address"
}
