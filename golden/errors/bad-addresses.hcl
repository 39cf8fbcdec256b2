zone "lan" {
  networks = ["10.0.0.256", "10.0.0.0/33", "example.com", "010.0.0.1", "fe80::1%eth0", 5]
}
