zone "lan" {
  match {
    interface = ["eth0", "eth1"]
    src       = ["10.0.0.0/8", "2001:db8::/32"]
    protocol  = "gre"
  }
}

zone "wan" {
  match {
    protocol  = ["gre"]
    src       = ["2001:db8::/32", "10.0.0.0/8"]
    interface = ["eth1", "eth0"]
  }
}
