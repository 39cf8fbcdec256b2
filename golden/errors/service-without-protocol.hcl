zone "lan" {
  interface = "eth1"
}
zone "wan" {
  interface = "eth0"
}

service "backup" {
  port = 9000
}
service "tunnel" {
  proto = "gre"
  port  = 9000
}
service "files" {
  proto  = "udp"
  port   = 2121
  helper = "ftp"
}
service "other" {
  proto  = "udp"
  port   = 2121
  helper = "tfpt"
}
