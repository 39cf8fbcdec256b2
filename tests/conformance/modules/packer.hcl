variable "version" {
  default = "12.5.0"
}
variable "flavours" {
  default = {
    minimal = { disk = 8192, packages = [] }
    full    = { disk = 20480, packages = ["nftables", "conntrack", "tcpdump"] }
  }
}
locals {
  parts    = split(".", var.version)
  major    = tonumber(local.parts[0])
  iso      = "debian-${var.version}-amd64-netinst.iso"
  stamp    = formatdate("YYYYMMDD-hhmm", "2024-02-29T08:05:00Z")
  later    = timeadd("2024-02-29T08:05:00Z", "72h")
  checksum = "sha256:${sha256(local.iso)}"
  boot     = ["<esc><wait>", "auto ", join(" ", formatlist("%s=%s", ["hostname", "domain"], ["gw", "example.org"])), "<enter>"]
}
source "qemu" "debian" {
  iso_url      = "https://cdimage.debian.org/${local.major >= 12 ? "release" : "archive"}/${local.iso}"
  iso_checksum = local.checksum
  boot_command = local.boot
  vm_name      = "debian-${local.major}-${local.stamp}"
  ssh_timeout  = "${15 * 60}s"
  qemuargs     = [["-m", "${1024 * 2}M"], ["-smp", "2"]]
}
build {
  name = "images"
  provisioner "shell" {
    inline = flatten([
      for name, f in var.flavours : concat(
        ["echo ${name} ${format("%.1f", f.disk / 1024)} GiB"],
        [for p in f.packages : "apt-get install -y ${p}"]
      )
    ])
    environment_vars = [for k, v in { B = "2", A = local.later } : "${k}=${v}"]
    only             = [for k, v in var.flavours : "qemu.${k}" if length(v.packages) > 0]
  }
}
