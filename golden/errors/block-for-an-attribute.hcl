conntrack {
  max_connections {
    value = 5
  }
}
