Welcome to ${host}.
%{ for i, n in nets ~}
${format("%02d", i)} ${n.name} ${n.cidr}${n.public ? " (public)" : ""}
%{ endfor ~}
%{ if length(admins) > 0 }Admins: ${join(", ", admins)}%{ else }No admins%{ endif }
