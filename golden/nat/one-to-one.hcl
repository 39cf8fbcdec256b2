zone "wan" { interface = "eth0" }
zone "lan" { interface = "eth1" }
zone "dmz" { interface = "eth2" }
policy "lan" "wan" { action = "accept" }

nat "four" {
  type          = "one_to_one"
  inside        = "10.0.2.2"
  outside       = "203.0.113.9"
  out_interface = "eth0"
}

nat "six" {
  type    = "one_to_one"
  from    = "wan"
  inside  = "2001:db8:d::2"
  outside = "2001:db8:1::9"
  forward = true
}

nat "anywhere" {
  type    = "one_to_one"
  inside  = "10.0.2.3"
  outside = "203.0.113.10"
}
