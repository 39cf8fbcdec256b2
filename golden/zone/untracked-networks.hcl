zone "storage" {
  interface = "eth1"
  networks  = ["10.50.0.0/24", "2001:db8:50::/64"]

  conntrack {
    enabled = false
  }
}
