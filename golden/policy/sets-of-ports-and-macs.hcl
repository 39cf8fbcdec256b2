zone "lan" {
  interface = "eth1"
}
zone "wan" {
  interface = "eth0"
}

ipset "web" {
  type    = "ports"
  entries = ["80", "443", "8000-8010"]
}
ipset "cameras" {
  type    = "macs"
  entries = ["02:00:00:00:00:01", "02:00:00:00:00:02"]
}

policy "lan" "wan" {
  rule "surfing" {
    proto      = "tcp"
    dest_port  = 8080
    dest_ipset = "web"
    action     = "accept"
  }
  rule "cameras" {
    src_ipset = "cameras"
    action    = "reject"
  }
}
