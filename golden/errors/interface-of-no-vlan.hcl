interface "eth1" {
  zone = "lan"

  vlan "4095" {
    zone = "guests"
  }
}
interface "an-interface-name" {
  zone = "lan"
}
