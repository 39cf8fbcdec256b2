zone "lan" {
  interface = "eth1"
}
zone "wan" {
  interface = "eth0"
}

policy "lan" "wan" {
  rule "word" {
    tcp_flags = "sny"
    action    = "accept"
  }

  rule "outside" {
    tcp_flags = "syn/ack"
    action    = "accept"
  }

  rule "both" {
    tcp_flags = "syn,!syn"
    action    = "accept"
  }
}
