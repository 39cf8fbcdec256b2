zone "wan" { interface = "eth0" }
policy "wan" "self" {}

nat "web" {
  type      = "dnat"
  from      = "wan"
  proto     = "tcp"
  dest_port = 80
  to_ip     = "10.0.1.10"
}

ipset "all" {
  entries = ["192.0.2.1"]
  action  = "drop"
}

ipset "through" {
  entries  = ["192.0.2.2"]
  action   = "drop"
  apply_to = "forward"
}
