conntrack {
  helpers = { for name in ["ftp"] : name }
}
