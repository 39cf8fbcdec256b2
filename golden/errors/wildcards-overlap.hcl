zone "lan" {
  interface = "eth*"
}

zone "wan" {
  interface = ["et*", "eth0"]
}
