zone "lan" {
  interface   = "eth1"
  description = << END
the office
END
}
