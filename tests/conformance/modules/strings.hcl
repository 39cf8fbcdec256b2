locals {
  arn   = "arn:aws:iam::123456789012:role/Admin/ops@eu"
  parts = regex("^arn:(?P<partition>[^:]+):(?P<service>[^:]+):(?P<region>[^:]*):(?P<account>\\d+):(?P<rest>.+)$", local.arn)
}
output "all" {
  parts = local.parts
  kv    = { for m in regexall("(\\w+)=\"?([^\" ]*)\"?", "a=1 b=\"two\" c= d=4") : m[0] => m[1] }
  words = [for w in split(" ", "the quick  brown fox") : title(w) if w != ""]
  pad   = [for n in [1, 22, 333] : format("%5d|%-5d|%05d|%x|%o|%e", n, n, n, n, n, n)]
  quote = formatlist("%q", ["a b", "c\"d", "é"])
  verbs = format("%v %v %v %s %t %#v", [1, "a"], { k = null }, 1.5, "s", false, ["x"])
  trims = [trim("--a--", "-"), trimprefix("v1.2", "v"), trimsuffix("a.hcl", ".hcl"), trimspace("\t x \n")]
  has   = [startswith("abc", "ab"), endswith("abc", "bc"), strcontains("abc", "x")]
  sub   = [substr("grüße", 2, 3), substr("hello", -3, -1), strrev("grüße")]
  uni   = [upper("grüße"), lower("ÀÉ"), length("e\u0301")]
  repl  = [replace("a.b.c", ".", "_"), replace("a1b22", "/[0-9]+/", "<$0>"), replace("x-y", "/(\\w)-(\\w)/", "$2-$1")]
  join  = join("\n", [for i, l in split("\n", "a\nb\nc") : format("%2d: %s", i + 1, l)])
  doc   = <<-EOT
    if [ "$${x}" = "${local.parts.account}" ]; then
    	echo "tab"
    fi
  EOT
  json = jsonencode({ s = "<a&b>", u = "\u2028", n = [1e3, 0.1, -5], z = null, t = { b = true, a = {} } })
  back = jsondecode("{\"x\": [1, 2.50, \"3\"], \"y\": {\"z\": null}}")
}
