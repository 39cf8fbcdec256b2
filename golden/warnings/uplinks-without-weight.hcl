zone "lan" {
  interface = "eth1"
}

uplink_group "internet" {
  uplink "fibre" {
    interface = "eth0"
    gateway   = "203.0.113.1"
    weight    = 0
  }
}
