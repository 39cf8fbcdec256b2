zone "lan" {
  interface = "eth1"
}

ipset "doors" {
  type    = "ports"
  entries = [23]
  action  = "drop"
}

ipset "nowhere" {
  entries         = ["192.0.2.1"]
  action          = "drop"
  match_on_source = false
}
