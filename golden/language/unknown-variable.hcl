variable "uplink" { default = "eth0" }
zone "lan" {
  interface = var.uplnk
}
zone "dmz" {
  interface = eth1
}
