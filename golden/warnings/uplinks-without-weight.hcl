zone "lan" {
  interface = "eth1"
}

uplink_group "internet" {
  uplink "fibre" {
    interface = "eth0"
    gateway   = "203.0.113.1"
    weight    = 0
  }

  uplink "mobile" {
    interface = "wwan0"
    enabled   = false
  }
}

uplink_group "one that carries" {
  uplink "spare" {
    interface = "eth2"
    weight    = 0
  }

  uplink "copper" {
    interface = "eth3"
    tier      = 1
  }
}
