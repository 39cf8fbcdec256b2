conntrack {
  enabled = false
}

zone "guests" {
  interface = ["eth1", "eth2"]
  action    = "reject"
}
