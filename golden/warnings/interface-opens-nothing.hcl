interface "eth1" {
  zone          = "lan"
  access_web_ui = true
}
interface "eth0" {
  zone = "wan"

  management {
    ssh = true
    api = false
  }
}
policy "lan" "wan" {
  action = "accept"
}
