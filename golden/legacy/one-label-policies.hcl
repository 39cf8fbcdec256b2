schema_version = "1.0"

zone "lan" {
  networks = ["192.168.1.0/24"]
}
zone "wan" {
  interfaces = ["eth0"]
}

policy "outbound" {
  from   = "lan"
  to     = "wan"
  action = "accept"
}
policy "inbound" {
  from     = "wan"
  to       = "lan"
  action   = "drop"
  inherits = "replies"
}
policy "wan" "self" {
  name = "replies"

  rule "telnet" {
    service = "telnet"
    action  = "reject"
  }
}
