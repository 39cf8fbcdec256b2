zone "wan" {
  interface = "eth0"

  conntrack {
    limits = {
      new_per_ip = "30/minute"
    }
  }
}
