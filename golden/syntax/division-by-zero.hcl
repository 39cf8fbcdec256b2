conntrack {
  max_connections = 65536 / 0
  hash_size       = 65536 % 0
}
