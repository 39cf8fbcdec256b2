zone "lan" {
  interface = "eth1"
}

uplink_group "internet" {
  uplink "fibre" {
    interface = "eth0"
    table     = 254
  }

  uplink "cable" {
    interface = "eth2"
    table     = 800
  }

  uplink "radio" {
    interface = "eth3"
    table     = 800
  }
}
