zone "lan" {
  interface = "eth1"
}

ipset "bad guys" {
  entries = ["192.0.2.1"]
}

ipset "a-name-of-more-than-thirty-one-bytes" {
  entries = ["192.0.2.1"]
}
