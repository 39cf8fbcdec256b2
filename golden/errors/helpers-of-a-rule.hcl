zone "lan" {
  interface = "eth1"
}
zone "wan" {
  interface = "eth0"
}

policy "lan" "wan" {
  rule "unknown" {
    service = "ftp"
    helper  = "fpt"
    action  = "accept"
  }

  rule "protocol" {
    service = "ntp"
    helper  = "ftp"
    action  = "accept"
  }

  rule "all" {
    proto  = "tcp"
    helper = "ftp"
    action = "accept"
  }

  rule "broadcast" {
    service = "snmp"
    helper  = "snmp"
    action  = "accept"
  }
}
