conntrack {}

mark_rule "from other programs" {
  save = true
}

mark_rule "to their rules" {
  restore = true
}
