zone "wan" {
  interface = "eth0"

  conntrack {
    limits = {
      new_per_second = 200
      burst          = 50
    }
  }
}
