# Each of these decides who may pass, or how. Leaving one out in silence could let people in.

zone "lan" {
  interface = "eth1"

  services {
    captive_portal = true
  }
}

protection "outside" {
  interface    = "eth1"
  geo_blocking = true
}
