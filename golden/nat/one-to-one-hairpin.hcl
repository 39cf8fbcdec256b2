zone "wan" { interface = "eth0" }
zone "dmz" { interface = "eth2" }
policy "dmz" "wan" { action = "accept" }

nat "server" {
  type          = "one_to_one"
  inside        = "10.0.2.2"
  outside       = "203.0.113.9"
  out_interface = "eth0"
  hairpin       = true
  forward       = true
}
