zone "lan" {
  interface = "eth0"
}
policy "lan" "any" {
  dynamic "rule" {
    for_each = [22]
    action   = "accept"
  }
  dynamic "rule" {
    content {}
  }
  dynamic "rule" {
    for_each = [22]
    iterator = "port"
    content {}
  }
  dynamic {
    for_each = [22]
    content {}
  }
  dynamic "rule" {
    for_each = 5
    content {}
  }
}
