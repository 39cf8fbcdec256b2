schema_version = "2.0"

zone "lan" {
  interface = "eth1"
}
