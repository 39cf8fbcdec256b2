zone "lan" {
  interface = "eth1"
}

notrack "late" {
  from          = "lan"
  proto         = "udp"
  out_interface = "eth0"
  conn_state    = "new"
}

notrack "all" {
}
