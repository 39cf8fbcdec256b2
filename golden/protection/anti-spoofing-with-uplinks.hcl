protection "all" { anti_spoofing = true }

zone "wan" { interface = "eth0" }
zone "lan" { interface = "eth1" }

uplink_group "internet" {
  uplink "wan" {
    interface = "eth0"
    gateway   = "203.0.113.254"
  }
}
policy "lan" "wan" {}
