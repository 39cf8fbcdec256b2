conntrack {
  hash_size = 0x10000
}
