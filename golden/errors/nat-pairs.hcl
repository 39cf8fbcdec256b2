zone "lan" {
  interface = "eth1"
}

zone "wan" {
  interface = "eth0"
}

nat "lengths" {
  type    = "netmap"
  inside  = "192.168.1.0/24"
  outside = "203.0.113.0/28"
}

nat "half" {
  type   = "1:1"
  inside = "192.168.1.10"
}
