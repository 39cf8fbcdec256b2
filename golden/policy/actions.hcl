zone "wan" { interface = "eth0" }
zone "lan" { interface = "eth1" }

policy "lan" "wan" {
  action = "reject"
  rule "count" {
    proto  = "tcp"
    action = "continue"
  }
  rule "leave" {
    service = "ssh"
    action  = "return"
  }
  rule "untracked" {
    proto     = "udp"
    dest_port = 4789
    action    = "notrack"
  }
  rule "refuse" {
    service = "smtp"
    action  = "reject"
  }
  rule "rest" {
    action = "accept"
  }
}
