zone "lan" {
  interface = "eth1"
}

ipset "list" {
  url = "https://example.org/list.txt"
}
