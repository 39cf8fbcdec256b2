zone "lan" { interface = "eth1" }
zone "guest" { interface = "eth3" }

uplink_group "office" {
  from = "lan"
  src  = ["10.0.1.0/24"]

  uplink "isp1" {
    interface = "eth0"
    gateway   = "203.0.113.254"
    mark      = 4
    table     = 104
    networks  = ["203.0.113.0/24"]
  }
}

multi_wan {
  from = "guest"
  dest = ["0.0.0.0/0"]

  connection "isp2" {
    interface = "eth2"
    gateway   = "198.51.100.254"
  }
}

policy "lan" "guest" {}
