zone "lan" {
  interface = "eth0"
  networks  = ["10.1.0.0/16", "10.2.0.0/16"]
}

zone "lab" {
  interface = "eth0"
  networks  = ["10.2.0.0/16", "10.3.0.0/16"]
}
