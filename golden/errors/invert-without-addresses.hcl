zone "lan" {
  interface = "eth1"
}
zone "wan" {
  interface = "eth0"
}

policy "lan" "wan" {
  rule "src" {
    invert_src = true
    action     = "accept"
  }

  rule "dest" {
    src_ip      = "192.168.1.10"
    invert_dest = true
    action      = "accept"
  }
}
