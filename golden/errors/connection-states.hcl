zone "lan" {
  interface = "eth1"
}
zone "wan" {
  interface = "eth0"
}

policy "lan" "wan" {
  rule "invalid" {
    conn_state = "invalid"
    action     = "accept"
  }

  rule "word" {
    conn_state = ["new", "open"]
    action     = "accept"
  }
}
