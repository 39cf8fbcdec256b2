zone "wan" {
  interface = "eth0"

  protection {
    port_scan_protection = true
    port_scan_threshold  = 20
  }
  management {
    ssh = true
  }
}
policy "wan" "self" {}
