conntrack {
  timeouts = {
    tcp = 60
    udp = 30
    tcp = 90
  }
  timeouts {
    icmp = 30
  }
}

zone "lan" {
  interface = "eth1"
  interfaces = ["eth2"]
}
