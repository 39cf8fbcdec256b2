zone "lan" {
  interface = "eth1"
}

uplink_group "internet" {
}
