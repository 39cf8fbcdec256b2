zone "lan" {
  interface = "eth1"
}

ipset "scanners" {
  file = ["no-such-list.txt", "."]
}
