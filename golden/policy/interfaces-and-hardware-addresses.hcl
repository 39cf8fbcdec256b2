zone "wan"    { interface = "eth0" }
zone "inside" { interface = ["eth1", "wlan+"] }

policy "inside" "wan" {
  rule "cable" {
    in_interface = "eth1"
    action       = "accept"
  }
  rule "radio" {
    in_interface  = "wlan+"
    out_interface = "eth0"
    src_macs      = ["02:00:5e:10:00:01", "02:00:5e:10:00:02"]
    action        = "accept"
  }
}
