# A node of a Kubernetes cluster. Its pods have networks of their own; what they say to the outside leaves with the
# node's address, what they say to each other and to nodes does not.

locals {
  pods  = ["10.0.2.0/24", "2001:db8:d::/64"]
  nodes = ["10.0.1.0/24", "2001:db8:a::/64"]
}

# Many short connections, and no name server's question that waits for minutes.
conntrack {
  max_connections = 1048576
  hash_size       = 262144

  timeouts = {
    tcp_established = "24h"
    tcp_close_wait  = "1h"
    udp             = 15
  }
}

zone "outside" {
  interface = "eth0"
}

zone "nodes" {
  interface = "eth1"
  networks  = local.nodes

  management {
    ssh = true
  }
}

# The interfaces that come and go with the pods are in it as soon as they are there.
zone "pods" {
  interface = ["eth2", "cali+", "veth+"]
  networks  = local.pods
}

policy "outside" "self" {
  rule "the API" {
    service    = "kubernetes-api"
    max_per_ip = 50
    action     = "accept"
  }
  rule "published services" {
    service = "kubernetes-nodeport"
    action  = "accept"
  }
}

policy "nodes" "self" {
  rule "the cluster itself" {
    service = ["kubernetes-api", "kubelet", "etcd", "vxlan", "bgp"]
    action  = "accept"
  }
}

policy "nodes" "pods" {
  action = "accept"
}

policy "pods" "*" {
  action = "accept"
}

policy "pods" "self" {
  rule "names, and the node's agent" {
    service = ["dns", "kubelet", "kubernetes-api"]
    action  = "accept"
  }
}

nat "pods" {
  type         = "masquerade"
  src_ip       = local.pods
  dest_zone    = "outside"
  fully_random = true
}
