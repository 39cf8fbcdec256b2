zone "lab" {
  interface = "eth1"
  networks  = ["10.99.0.0/16"]
}

zone "office" {
  interface = "eth1"
  networks  = ["10.0.0.0/8"]
}
