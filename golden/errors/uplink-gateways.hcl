zone "lan" {
  interface = "eth1"
}

uplink_group "internet" {
  uplink "fibre" {
    interface = "eth0"
    gateway   = ["203.0.113.1", "203.0.113.2"]
  }

  uplink "cable" {
    interface = "eth2"
    gateway   = "203.0.113.0/24"
  }
}
