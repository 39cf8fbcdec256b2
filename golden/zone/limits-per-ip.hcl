zone "wan" {
  interface = "eth0"

  conntrack {
    limits = {
      max_per_ip = 50
    }
  }
}
