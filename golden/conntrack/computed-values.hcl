# What needs no variable is computed: operators, conditionals, conversions.
conntrack {
  max_connections = 256 * 1024
  hash_size       = true ? "65536" : 1
  log_invalid     = 1 < 2 && !false
  log_max         = (60 + 40) / 2
}
