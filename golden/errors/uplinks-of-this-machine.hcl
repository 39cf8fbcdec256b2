zone "lan" { interface = "eth1" }

uplink_group "internet" {
  from  = ["lan", "self"]
  local = false

  uplink "fibre" {
    interface = "eth0"
    gateway   = "203.0.113.1"
  }
}
