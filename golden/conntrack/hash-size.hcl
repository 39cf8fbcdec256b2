conntrack {
  max_connections = 524288
  hash_size       = 131072
}
