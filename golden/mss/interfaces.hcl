conntrack {}

mss_clamping {
  interfaces = ["ppp0", "wg*"]
  size       = 1400
}
