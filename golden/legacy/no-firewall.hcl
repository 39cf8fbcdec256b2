schema_version = "1.0"

interface "eth0" {
  dhcp = true
}
api {
  enabled = true
}
