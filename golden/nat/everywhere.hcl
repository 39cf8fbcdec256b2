zone "wan" { interface = "eth0" }
policy "wan" "self" {}

nat "own address" {
  type  = "snat"
  from  = "self"
  to_ip = "203.0.113.9"
}

nat "all" {
  type = "masquerade"
}
