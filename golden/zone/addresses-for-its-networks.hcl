# Who asks for an address has none of the zone's networks yet.
zone "wan" { interface = "eth0" }
zone "lan" {
  interface = ["eth1", "wg+"]
  networks  = ["192.0.2.0/24", "2001:db8::/64"]
  services {
    dhcp = true
    dns  = true
  }
}
zone "guests" {
  interface = "eth1"
  networks  = ["198.51.100.0/24"]
  services {
    dhcp { src = "198.51.100.8/29" }
  }
}

policy "lan" "wan" { action = "accept" }
