conntrack {
  enabled         = "true"
  max_connections = "131072"
  buckets         = 3.2768e4
}
