variable "buckets" {
  default = { logs = { read = ["ann"], write = ["bob", "ci"] }, site = { read = ["*"], write = ["ci"] } }
}
locals {
  statements = flatten([
    for b, acl in var.buckets : [
      for right in ["read", "write"] : {
        Sid       = "${title(b)}${title(right)}"
        Action    = right == "read" ? ["s3:GetObject", "s3:ListBucket"] : ["s3:PutObject"]
        Resource  = "arn:aws:s3:::${b}/*"
        Principal = { AWS = contains(acl[right], "*") ? ["*"] : [for u in acl[right] : "arn:aws:iam::123456789012:user/${u}"] }
      }
    ]
  ])
  policy = jsonencode({ Version = "2012-10-17", Statement = local.statements })
  back   = jsondecode(local.policy)
}
output "all" {
  policy  = local.policy
  same    = local.back.Statement[*].Sid
  count   = length(local.back.Statement)
  b64     = base64decode(base64encode(local.policy)) == local.policy
  hash    = md5(local.policy)
  actions = distinct(flatten(local.statements[*].Action))
}
