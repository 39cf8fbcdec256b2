zone "lan" {
  interface = "eth1"
}
zone "wan" {
  interface = "eth0"
}

policy "lan" "wan" {
  rule "words" {
    time_start = "noon"
    time_end   = "24:01"
    action     = "accept"
  }

  rule "day" {
    days   = ["monday", "caturday"]
    action = "accept"
  }

  rule "half" {
    time_start = "08:00"
    action     = "accept"
  }

  rule "equal" {
    time_start = "08:00"
    time_end   = "08:00:00"
    action     = "accept"
  }
}
