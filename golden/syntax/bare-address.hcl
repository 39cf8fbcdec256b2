zone "lan" {
  networks = [192.168.1.0/24]
}
