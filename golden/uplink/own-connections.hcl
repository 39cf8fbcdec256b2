zone "wan" { interface = "eth0" }
zone "mobile" { interface = "wwan0" }
policy "self" "wan" { action = "accept" }

policy "self" "mobile" {
  rule "names" {
    service = "dns"
    action  = "accept"
  }
}

uplink_group "internet" {
  from = "self"

  uplink "fibre" {
    interface = "eth0"
    gateway   = "203.0.113.1"
  }

  uplink "mobile" {
    interface = "wwan0"
    tier      = 1
  }
}
