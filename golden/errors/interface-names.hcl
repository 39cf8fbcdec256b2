zone "lan" {
  interface = ["", "abcdefghijklmnop", "eth 0", "eth/0", "eth:0", "eth%d", ".", "..", "*", "+", "e+th", "eth\"0", "eth\n0", "ethé"]
}
