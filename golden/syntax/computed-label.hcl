zone "lan-${1 + 1}" {
  interface = "eth1"
}
