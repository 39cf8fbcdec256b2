# A gateway between the Internet and an office: how many connections it remembers and for how long, which
# protocols it helps through, and what one side may ask of it.

conntrack {
  enabled = true

  # Room for two million connections. The kernel has one knob for the width of their table; `buckets` is
  # another word for it. flywall warns that the two differ (hash_size counts) and that sixteen connections
  # share a bucket when the table is full.
  max_connections = 2000000
  hash_size       = 131072
  buckets         = 65536

  timeouts = {
    # TCP, by state
    tcp_established = "5d"
    tcp_syn_sent    = "1m"
    tcp_syn_recv    = "1m"
    tcp_syn_sent2   = "1m"
    tcp_fin_wait    = "1m"
    tcp_close_wait  = "1m"
    tcp_last_ack    = 30
    tcp_time_wait   = "1m"
    tcp_close       = 10

    # UDP: asked, and answered
    udp        = 30
    udp_stream = "3m"

    icmp      = 30
    generic   = "10m"
    unreplied = 30

    sctp_closed            = 10
    sctp_cookie_waited     = 3
    sctp_cookie_echoed     = 3
    sctp_established       = "3m30s"
    sctp_shutdown_sent     = 30
    sctp_shutdown_recd     = 30
    sctp_shutdown_ack_sent = 3
  }

  # Protocols that open further connections. Each is watched on its own port only.
  helpers = {
    amanda = true
    ftp    = true
    h323   = true
    pptp   = true
    sip    = true
    snmp   = true
    tftp   = true
  }

  # More exactly: where the servers listen, and which ports media may use.
  nat_helpers = {
    ftp = {
      enabled = true
      ports   = [21]
      loose   = false
    }
    sip = {
      enabled     = true
      ports       = [5060, 5061]
      media_ports = [10000:20000]
    }
    h323 = {
      enabled = true
      ports   = [1720]
    }
    pptp = {
      enabled = true
      ports   = [1723]
    }
  }

  # Invalid packets are always dropped; a hundred a minute of them are logged as well.
  log_invalid = true
  log_max     = 100

  # Listeners hear of the beginning and the end of connections, not of every change between.
  events = {
    new     = true
    update  = false
    destroy = true
  }
}

# The Internet. Strangers get shorter timeouts and a share, not everything.
zone "WAN" {
  interface   = "eth0"
  description = "the uplink"

  conntrack {
    timeouts = {
      tcp = "2h"
      udp = "10s"
    }

    # Other protocols pass without being remembered. GRE is, because PPTP calls need it.
    track_protocols = ["tcp", "udp", "icmp"]

    limits = {
      max_per_ip     = 1000
      max_concurrent = 100000
      new_per_second = 1000
    }
  }
}

# The office. Nobody is counted here.
zone "LAN" {
  interface   = "eth1"
  description = "the office floor"

  conntrack {
    timeouts = {
      tcp = "24h"
      udp = "60s"
    }

    limits = {
      max_per_ip     = 0
      max_concurrent = 0
    }
  }
}
