# Two ways out. New connections are dealt out three to one; each stays where it began, and what comes in by a way
# is answered by it. flywall-apply installs the rules and routes that this needs.

zone "isp1" {
  interface = "eth0"
}

zone "isp2" {
  interface = "eth2"
}

zone "lan" {
  interface = "eth1"
  networks  = ["10.0.1.0/24", "2001:db8:a::/64"]

  management {
    ssh = true
  }
}

uplink_group "internet" {
  from = "lan"

  uplink "isp1" {
    interface = "eth0"
    gateway   = "203.0.113.254"
    weight    = 3
  }
  uplink "isp2" {
    interface = "eth2"
    gateway   = "198.51.100.254"
    weight    = 1
  }
}

policy "lan" "isp*" {
  action     = "accept"
  masquerade = true
}
