conntrack {
  timeouts = {
    gre        = 35
    gre_stream = "3m5s"
  }
}
