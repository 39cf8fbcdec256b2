conntrack {
  events = {
    new    = false
    update = false
  }
}
