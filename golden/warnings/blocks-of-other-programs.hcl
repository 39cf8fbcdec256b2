schema_version = "1.1"

conntrack {}

interface "eth0" {
  ipv4 = ["192.0.2.1/24"]
}

dhcp {
  enabled = true
}
