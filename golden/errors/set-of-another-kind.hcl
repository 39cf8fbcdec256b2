zone "lan" {
  match {
    interface = "eth1"
    ipset     = "cameras"
  }
}
zone "wan" {
  interface = "eth0"
}
ipset "cameras" {
  type    = "mac"
  entries = ["02:00:5e:10:00:01"]
}

policy "lan" "wan" {
  rule "src" {
    src_ipset = "cameras"
    action    = "accept"
  }
}
