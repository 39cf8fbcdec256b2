zone "lan" {
  interface = "eth1"
}
zone "wan" {
  interface = "eth0"
}

service "caf\u00e9" {
  proto = "tcp"
  port  = 9000
}
policy "lan" "wan" {
  name = "a \"quoted\" name"

  rule "" {
    action  = "drop"
    counter = "back\\slash"
  }

  rule "a name that goes on, and on, and on, and on, and on, and on, and on" {
    action = "drop"
  }
}
