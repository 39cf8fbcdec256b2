conntrack {
  tcp_loose   = false
  tcp_liberal = true
}
