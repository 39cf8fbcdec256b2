conntrack {
  helpers = {
    amanda     = true
    ftp        = true
    h323       = true
    irc        = true
    netbios-ns = true
    pptp       = true
    sane       = true
    sip        = true
    snmp       = true
    tftp       = true
  }
}
