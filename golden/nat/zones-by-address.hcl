zone "wan" { interface = "eth0" }
zone "office" {
  match {
    interface = "eth1"
    src       = ["10.0.1.0/25", "2001:db8:a::/65"]
  }
}
zone "guests" {
  match {
    interface = "eth1"
    src       = "10.0.1.128/25"
  }
}
policy "*" "wan" {
  action     = "accept"
  masquerade = true
}

nat "of guests" {
  type  = "snat"
  from  = "guests"
  to    = "wan"
  to_ip = "203.0.113.9"
}

nat "to the office" {
  type      = "dnat"
  from      = "*"
  dest_ip   = "203.0.113.10"
  proto     = "tcp"
  dest_port = 80
  to_ip     = "10.0.1.10"
  hairpin   = true
}
