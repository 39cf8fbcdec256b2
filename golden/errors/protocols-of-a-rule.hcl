zone "lan" {
  interface = "eth1"
}
zone "wan" {
  interface = "eth0"
}

policy "lan" "wan" {
  rule "name" {
    proto  = ["tcp", "quic"]
    action = "accept"
  }

  rule "number" {
    proto  = 254
    action = "accept"
  }
}
