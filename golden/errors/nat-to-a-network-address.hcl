zone "lan" {
  interface = "eth1"
  networks  = ["10.0.1.0/24", "2001:db8:1::/64"]
}

zone "wan" {
  interface = "eth0"
}

nat "own" {
  type         = "dnat"
  in_interface = "eth0"
  to_ip        = ["10.0.1.0", "10.0.1.255", "2001:db8:1::"]
}
