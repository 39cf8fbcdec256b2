zone "wan" { interface = "eth0" }
policy "wan" "self" {}

ipset "to-this-machine" {
  entries  = ["192.0.2.0/24"]
  action   = "drop"
  apply_to = "input"
}

ipset "through-it" {
  entries  = ["2001:db8:bad::/48"]
  action   = "drop"
  apply_to = "forward"
  log      = true
}
