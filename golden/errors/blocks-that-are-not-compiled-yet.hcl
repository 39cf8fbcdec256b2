# Each of these decides who may pass, or how. Leaving one out in silence could let people in.

policy_route "voice" {
  table = 100
}

scheduled_rule "night" {
  zone_from = "lan"
}

uid_routing "backup" {
  uid = 1000
}

variable "x" {}

zone "lan" {
  interface = "eth1"

  services {
    captive_portal = true
  }
}

interface "eth2" {
  new_zone "dmz" {}
}
