zone "wan" { interface = "eth0" }
zone "dmz" { interface = "eth2" }

policy "self" "wan" {
  rule "web" {
    service = "http"
    action  = "accept"
  }
}

nat "proxy" {
  type      = "dnat"
  from      = "self"
  proto     = "tcp"
  dest_port = 8080
  to_ip     = "10.0.2.2:80"
}

nat "here" {
  type      = "redirect"
  from      = "self"
  proto     = "udp"
  dest_port = 53
  to_port   = 5353
}
