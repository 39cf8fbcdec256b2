# The night begins on Friday and on Saturday, and ends on the morning behind it.
zone "wan" { interface = "eth0" }
zone "lan" { interface = "eth1" }

policy "lan" "wan" {
  rule "day" {
    time_start = "08:00"
    time_end   = "18:30"
    days       = "weekdays"
    action     = "accept"
  }
  rule "night" {
    time_start = "22:00"
    time_end   = "06:00"
    days       = ["friday", "sat"]
    action     = "accept"
  }
  rule "all of Sunday" {
    time_start = "00:00"
    time_end   = "24:00"
    days       = "sunday"
    action     = "accept"
  }
}
