zone "wan" { interface = "eth0" }
zone "lan" { interface = "eth1" }

policy "lan" "wan" {
  rule "careful" {
    src_ip = ["224.0.0.0/4", "ff00::/8", "::ffff:0.0.0.0/96"]
    action = "drop"
  }
  rule "a group" {
    src_ip = ["192.0.2.1", "ff02::1"]
    action = "accept"
  }
  rule "to a group" {
    dest_ip = "ff08::1"
    action  = "accept"
  }
  rule "mapped" {
    dest_ip = "::ffff:192.0.2.1"
    action  = "accept"
  }
  rule "hardware" {
    src_mac = ["ff:ff:ff:ff:ff:ff", "01:00:5e:00:00:01", "00:00:00:00:00:00", "02:00:00:00:00:01"]
    action  = "accept"
  }
}

nat "to the loopback" {
  type  = "dnat"
  from  = "wan"
  to_ip = "127.0.0.1"
}
nat "of this machine, it may be" {
  type    = "dnat"
  from    = "self"
  dest_ip = "192.0.2.1"
  to_ip   = "127.0.0.1"
}
nat "to everybody" {
  type  = "dnat"
  from  = "wan"
  proto = "udp"
  to_ip = ["255.255.255.255", "ff02::1"]
}
nat "from nobody" {
  type  = "snat"
  to    = "wan"
  to_ip = "0.0.0.0"
}
