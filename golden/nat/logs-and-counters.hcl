zone "wan" { interface = "eth0" }
zone "lan" { interface = "eth1" }
zone "dmz" { interface = "eth2" }
policy "lan" "wan" { action = "accept" }

nat "each" {
  type       = "dnat"
  from       = "wan"
  proto      = "tcp"
  dest_port  = 80
  to_ip      = "10.0.2.2"
  log        = true
  log_prefix = "web: "
  counter    = "web"
}

nat "some" {
  type      = "masquerade"
  to        = "wan"
  log       = true
  log_limit = "10/minute"
  counter   = "hidden"
}
