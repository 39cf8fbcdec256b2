# A list this long would be walked for each new connection, so it is cut into shards.
zone "wan" {
  interface = "eth0"

  conntrack {
    limits = {
      max_concurrent = 100000
    }
  }
}
