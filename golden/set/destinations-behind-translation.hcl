zone "wan" { interface = "eth0" }
policy "wan" "self" {}

nat "web" {
  type      = "dnat"
  from      = "wan"
  proto     = "tcp"
  dest_port = 80
  to_ip     = "10.0.1.10"
}

ipset "dropped" {
  entries  = ["192.0.2.1"]
  action   = "drop"
  match_on = "destination"
}

ipset "refused" {
  entries  = ["192.0.2.2", "2001:db8::2"]
  action   = "reject"
  match_on = "both"
}
