# One switch for the whole machine: a parameter of the kernel module.
conntrack {
  nat_helpers = {
    ftp = {
      enabled = true
      loose   = true
    }
  }
}
