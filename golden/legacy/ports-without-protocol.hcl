# With schema_version, a port without a protocol is one of TCP.
schema_version = "1.0"

zone "lan" {
  interface = "eth1"
}
zone "wan" {
  interface = "eth0"
}

policy "lan" "wan" {
  rule "web" {
    dest_ports = [80, 443]
    action     = "accept"
  }
}

nat "web" {
  type         = "dnat"
  in_interface = "eth0"
  dest_port    = "8080"
  to_ip        = "192.168.1.10"
  to_port      = "80"
}
