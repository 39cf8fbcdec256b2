nat "server" {
  type          = "one_to_one"
  inside        = "10.0.2.2"
  outside       = "203.0.113.9"
  out_interface = "eth0"
  hairpin       = true
}
