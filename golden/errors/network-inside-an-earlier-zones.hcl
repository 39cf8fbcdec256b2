zone "office" {
  interface = "eth1"
  networks  = ["10.0.0.0/8", "2001:db8::/32"]
}

zone "lab" {
  interface = "eth1"
  networks  = ["10.99.0.0/16"]
}

zone "test" {
  interface = "eth1"
  networks  = ["2001:db8:7::/48"]
}
