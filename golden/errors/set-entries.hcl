zone "lan" {
  interface = "eth1"
}

ipset "four" {
  type    = "ipv4_addr"
  entries = ["192.0.2.1", "2001:db8::1", "192.0.2.9-192.0.2.1", "192.0.2.1/24", "nonsense", 5]
}

ipset "doors" {
  type    = "inet_service"
  entries = [22, 70000, "90-80"]
}
