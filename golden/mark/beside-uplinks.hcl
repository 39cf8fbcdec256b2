conntrack {}

mark_rule "all" {
  set_mark = 7
  restore  = true
}

uplink_group "internet" {
  uplink "wan" {
    interface = "eth0"
    gateway   = "203.0.113.254"
  }
}
