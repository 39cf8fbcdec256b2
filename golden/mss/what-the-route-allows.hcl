conntrack {}

mss_clamping {}
