conntrack {
  events = {
    new     = false
    update  = false
    destroy = false
  }
}
