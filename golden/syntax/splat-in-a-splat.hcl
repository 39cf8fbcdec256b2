zone "lan" {
  interfaces = zones.*.names.*.first
}
