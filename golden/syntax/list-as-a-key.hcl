conntrack {
  helpers = { (["ftp"]) = true }
}
