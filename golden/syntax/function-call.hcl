zone "lan" {
  interface = lower("ETH1")
}
