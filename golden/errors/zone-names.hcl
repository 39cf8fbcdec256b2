zone "" {
  interface = "eth0"
}

zone "two words" {
  interface = "eth1"
}

zone "café" {
  interface = "eth2"
}

zone "a/b" {
  interface = "eth3"
}

zone "a23456789012345678901234567890123" {
  interface = "eth4"
}

zone "line\nbreak" {
  interface = "eth5"
}
