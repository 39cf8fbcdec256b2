conntrack {
  events = {
    new     = true
    update  = false
    destroy = true
  }
}
