zone "wan" { interface = "eth0" }
zone "lan" { interface = "eth1" }

conntrack {
  helpers = { ftp = true }
}

policy "lan" "wan" {
  rule "ftp" {
    service = "ftp"
    action  = "accept"
  }
  rule "elsewhere" {
    proto     = "tcp"
    dest_port = 2121
    helper    = "ftp"
    action    = "accept"
  }
}
