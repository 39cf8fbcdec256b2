zone "self" {
  interface = "eth0"
}

zone "Router" {
  interface = "eth1"
}

zone "ANY" {
  interface = "eth2"
}
