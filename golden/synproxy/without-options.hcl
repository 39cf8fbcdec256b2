conntrack {
  tcp_loose = false
}

synproxy "mail" {
  service   = "smtp"
  timestamp = false
  sack      = false
}
