zone "wan" { interface = "eth0" }

mark_rule "names" {
  from      = "self"
  proto     = "udp"
  dest_port = 53
  set_mark  = 1
}
policy "self" "wan" {}
