conntrack {
  hash_size = 131072
  buckets   = 65536
}
