zone "lan" {
  interface = "eth1"
}
zone "wan" {
  interface = "eth0"
}

policy "lan" "wan" {
  rule "replies" {
    conn_state = ["new", "established"]
    action     = "accept"
  }
}
