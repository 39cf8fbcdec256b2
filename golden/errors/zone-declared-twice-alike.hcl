zone "wan" {
  interface = "eth0"
  networks  = "203.0.113.0/24"
}

zone "wan" {
  interface = "eth0"
  networks  = "203.0.113.0/24"
}
