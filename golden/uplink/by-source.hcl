conntrack {}

uplink_group "internet" {
  balance = "source"

  uplink "isp1" {
    interface = "eth0"
    gateway   = ["203.0.113.254", "2001:db8:1::fe"]
  }
  uplink "isp2" {
    interface = "eth2"
    gateway   = ["198.51.100.254", "2001:db8:2::fe"]
  }
}
