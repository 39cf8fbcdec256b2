zone "lan" {
  interface = "eth1"
}

uplink_group "internet" {
  uplink "fibre" {
    interface = "eth0"
  }

  uplink "again" {
    interface = "eth0"
  }

  uplink "pattern" {
    interface = "ppp*"
  }

  uplink "none" {
    gateway = "203.0.113.1"
  }
}
