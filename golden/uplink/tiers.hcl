conntrack {}

uplink_group "internet" {
  local = true

  uplink "broken" {
    interface = "eth0"
    gateway   = "203.0.113.254"
    tier      = 1
    enabled   = false
  }
  uplink "fibre" {
    interface = "eth2"
    gateway   = "198.51.100.254"
    tier      = 2
  }
  uplink "mobile" {
    interface = "wwan0"
    tier      = 3
  }
}
