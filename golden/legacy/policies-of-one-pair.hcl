schema_version = "1.0"

zone "lan" {
  interface = "eth1"
}
zone "wan" {
  interface = "eth0"
}

policy "lan" "wan" {
  rule "no-mail" {
    service = "smtp"
    action  = "drop"
  }
}
policy "LAN" "wan" {
  action = "accept"

  rule "no-telnet" {
    service = "telnet"
    action  = "drop"
  }
}
