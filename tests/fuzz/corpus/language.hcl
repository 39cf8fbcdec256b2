# every production
a = 1
b = [1, "two${a}", true, null, { x = 1, "y" : 2, (3) = 4 }, 10:20]
c = [for k, v in b : v if k != 1]
d = { for k, v in c : "${k}" => v... }
e = b[*].x[0].y.*.z.0
f = t ? max(1, [2]...) : -x % !y
g = <<-EOT
  x ${~ a ~} %{ if a }y%{ else }z%{ endif }
  %{ for i, x in b ~}
  ${x}
  %{ endfor ~}
  EOT
h "l" m { i = "\u00e9\n$${}%%{}" }
