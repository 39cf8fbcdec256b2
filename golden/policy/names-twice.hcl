# Rules and policies of one name have limits, logs and chains of their own.
zone "wan" { interface = "eth0" }
zone "lan" { interface = "eth1" }
zone "dmz" { interface = "eth2" }

policy "lan" "wan" {
  name = "out"
  rule "some" {
    proto  = "tcp"
    limit  = "5/second"
    action = "accept"
  }
  rule "some" {
    proto           = "udp"
    limit           = "5/second"
    max_connections = 10
    action          = "accept"
  }
  rule "some" {
    proto  = "gre"
    action = "notrack"
  }
}

policy "*" "dmz" {
  name = "out"
  rule "some" {
    proto           = "udp"
    max_connections = 10
    action          = "accept"
  }
  rule "some" {
    proto  = "gre"
    action = "return"
  }
}

notrack "some" {
  proto     = "udp"
  dest_port = 53
}
notrack "some" {
  proto     = "udp"
  dest_port = 54
}

mark_rule "some" {
  to       = "wan"
  proto    = "tcp"
  set_mark = 1
}
mark_rule "some" {
  to       = "dmz"
  proto    = "tcp"
  set_mark = 2
}

synproxy "some" {
  from      = "wan"
  proto     = "tcp"
  dest_port = 80
}
synproxy "some" {
  from      = "wan"
  proto     = "tcp"
  dest_port = 443
}
