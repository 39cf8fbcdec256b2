zone "wan" { interface = "eth0" }
zone "lan" {
  interface = "eth1"
  conntrack { enabled = false }
}

policy "lan" "wan" {
  masquerade = true

  rule "so many" {
    proto           = "tcp"
    max_connections = 10
    action          = "accept"
  }
  rule "with a helper" {
    proto     = "tcp"
    dest_port = 2121
    helper    = "ftp"
    action    = "accept"
  }
}

policy "*" "lan" {
  rule "marked" {
    set_mark = "0x1"
    action   = "accept"
  }
}

policy "*" "self" {
  rule "of the others" {
    limit  = "10/second"
    action = "accept"
  }
}

nat "out" {
  type      = "dnat"
  from      = "lan"
  proto     = "tcp"
  dest_port = 80
  to_ip     = "192.0.2.80"
}

mark_rule "in" {
  to       = "lan"
  set_mark = "0x2"
}
