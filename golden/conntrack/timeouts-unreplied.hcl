# Fills in what waits for a reply and has no value of its own.
conntrack {
  timeouts = {
    unreplied = 15
  }
}
