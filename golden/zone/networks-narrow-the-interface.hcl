zone "office" {
  interface = "eth1"
  networks  = ["192.168.10.0/24", "192.168.11.0/24"]
}

zone "printers" {
  interface = "eth1"
  networks  = ["192.168.40.0/24", "2001:db8:40::/64"]
}
