conntrack {
  timeouts = {
    sctp_closed            = 11
    sctp_cookie_waited     = 4
    sctp_cookie_echoed     = 5
    sctp_established       = "5m"
    sctp_shutdown_sent     = 6
    sctp_shutdown_recd     = 7
    sctp_shutdown_ack_sent = 8
  }
}
