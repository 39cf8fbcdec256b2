zone "wan" {
  interface = "eth0"

  conntrack {
    limits = {
      max_concurrent = 2000
    }
  }
}
