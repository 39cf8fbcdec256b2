conntrack {
  enabled     = false
  log_invalid = true
  timeouts = {
    tcp = "1h"
  }
  helpers = {
    ftp = true
  }
  events = {
    new = false
  }
}
