conntrack {
  buckets = 65536
}
