conntrack {
  events = {
    new     = true
    update  = true
    destroy = true
  }
}
