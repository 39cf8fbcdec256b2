# Both tenants use 10.0.1.0/24: a kernel zone keeps their connections apart.
zone "tenant-a" {
  interface = "eth1"

  conntrack {
    zone_id = 1
  }
}

zone "tenant-b" {
  interface = "eth2"

  conntrack {
    zone_id = 2
  }
}
