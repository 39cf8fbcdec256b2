zone "wan" {
  interface = "eth0"

  conntrack {
    limits = {
      max_per_ip = 10
    }
  }
}

zone "guests" {
  interface = "wlan+"

  conntrack {
    limits = {
      max_per_ip = 20
    }
  }
}
