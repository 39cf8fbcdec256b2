zone "lan" {
  interface   = "eth1"
  description = "%{ if true }office"
}
