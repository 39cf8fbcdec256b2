conntrack {}

uplink_group "internet" {
  uplink "old" {
    interface = "eth0"
    gateway   = "203.0.113.254"
  }
  uplink "new" {
    interface = "eth2"
    gateway   = "2001:db8:2::fe"
  }
}
