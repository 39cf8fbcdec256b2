zone "lan" {
  interface = "eth1"
}
zone "wan" {
  interface = "eth0"
}

policy "lan" "wan" {
  action = "accept"
}

scheduled_rule "always" {
  zone_from = "lan"
  zone_to   = "wan"
  action    = "drop"
}
scheduled_rule "nowhere" {
  time_start = "20:00"
  time_end   = "22:00"
  action     = "drop"
}
scheduled_rule "unknown" {
  policy       = "lam to wan"
  schedule     = "0 22 * * *"
  end_schedule = "0 23 * * *"
  rule {
    action = "drop"
  }
}
scheduled_rule "monthly" {
  policy       = "lan to wan"
  schedule     = "0 22 1 * *"
  end_schedule = "0 23 * * *"
  rule {
    action = "drop"
  }
}
scheduled_rule "weekend" {
  policy       = "lan to wan"
  schedule     = "0 18 * * 5"
  end_schedule = "0 8 * * 1"
  rule {
    action = "drop"
  }
}
scheduled_rule "endless" {
  policy   = "lan to wan"
  schedule = "0 18 * * 5"
  rule {
    action = "drop"
  }
}
scheduled_rule "both" {
  policy     = "lan to wan"
  time_start = "20:00"
  time_end   = "22:00"
  action     = "accept"
  rule {
    action = "drop"
  }
}
