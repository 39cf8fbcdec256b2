zone "lan" {
  interface = "eth1"
}
zone "wan" {
  interface = "eth0"
}

policy "lan" "wan" {
  rule "name" {
    dscp   = "gold"
    action = "accept"
  }

  rule "number" {
    dscp   = 64
    action = "accept"
  }
}
