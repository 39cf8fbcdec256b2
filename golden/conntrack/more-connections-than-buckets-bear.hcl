conntrack {
  max_connections = 1000000
  hash_size       = 65536
}
