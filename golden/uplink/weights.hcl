zone "isp1" { interface = "eth0" }
zone "isp2" { interface = "eth2" }
zone "lan" { interface = "eth1" }

uplink_group "internet" {
  from = "lan"

  uplink "isp1" {
    interface = "eth0"
    gateway   = ["203.0.113.254", "2001:db8:1::fe"]
    weight    = 3
  }
  uplink "isp2" {
    interface = "eth2"
    gateway   = ["198.51.100.254", "2001:db8:2::fe"]
  }
}

policy "lan" "isp*" {
  action     = "accept"
  masquerade = true
}
