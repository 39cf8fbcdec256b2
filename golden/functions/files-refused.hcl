# Functions read nothing outside of the configuration's own folder.
zone "lan" {
  interface = "eth0"
  networks = [
    file("/etc/passwd"),
    file("../conntrack/minimal.hcl"),
    file("none.txt"),
    file("lists"),
    file("lists/latin1.dat"),
    fileexists(".."),
    fileset("lists/none", "*"),
    env("SITE"),
  ]
}
