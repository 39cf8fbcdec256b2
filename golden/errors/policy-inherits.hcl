zone "lan" {
  interface = "eth1"
}
zone "wan" {
  interface = "eth0"
}

policy "lan" "wan" {
  inherits = "lan to wann"
}
policy "wan" "lan" {
  inherits = "wan-lan"
}
policy "lan" "self" {
  name     = "one"
  inherits = "two"
}
policy "wan" "self" {
  name     = "two"
  inherits = "one"
}
