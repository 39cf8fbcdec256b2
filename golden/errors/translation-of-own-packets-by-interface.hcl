zone "wan" {
  interface = "eth0"
}

policy "wan" "self" {
  action = "drop"
}
nat "elsewhere" {
  type         = "dnat"
  from         = "self"
  in_interface = "eth1"
  proto        = "tcp"
  dest_port    = 80
  to_ip        = "10.0.2.5"
}
