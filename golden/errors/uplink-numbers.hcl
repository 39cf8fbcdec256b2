zone "lan" {
  interface = "eth1"
}

uplink_group "internet" {
  uplink "fibre" {
    interface = "eth0"
    mark      = 2
  }

  uplink "cable" {
    interface = "eth2"
    mark      = "0x2000"
  }

  uplink "zone" {
    interface = "eth3"
    mark      = "0x10000"
  }
}
