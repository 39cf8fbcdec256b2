zone "lan" {
  interface   = ["eth1", "eth2"]
  description = "the office floor and the workshop"
}
