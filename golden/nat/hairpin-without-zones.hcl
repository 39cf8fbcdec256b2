conntrack {}

nat "web" {
  type         = "dnat"
  in_interface = ["eth0", "ppp*"]
  proto        = "tcp"
  dest_port    = 80
  to_ip        = "10.0.1.10"
  hairpin      = true
}
