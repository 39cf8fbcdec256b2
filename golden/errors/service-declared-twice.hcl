zone "lan" {
  interface = "eth1"
}
zone "wan" {
  interface = "eth0"
}

service "backup" {
  proto = "tcp"
  port  = 9000
}
service "backup" {
  proto = "udp"
  port  = 9000
}
