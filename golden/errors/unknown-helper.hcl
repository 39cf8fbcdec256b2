conntrack {
  helpers = {
    fpt = true
    quake = true
  }
}
