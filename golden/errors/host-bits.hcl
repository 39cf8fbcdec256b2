zone "lan" {
  networks = ["192.168.1.1/24", "2001:db8::1/64"]
}
