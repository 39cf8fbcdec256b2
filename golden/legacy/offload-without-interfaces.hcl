schema_version      = "1.0"
enable_flow_offload = true

zone "lan" {
  networks = ["192.168.1.0/24"]
}
