#include "catalog/services.h"

/* clang-format off */
const struct service_row management_rows[MANAGEMENT_COUNT] = {
	[MANAGEMENT_API]    = { "api",    { { "tcp", 8080 } },                "The REST API." },
	[MANAGEMENT_ICMP]   = { "icmp",   { { "icmp", 0 } },                  "Ping, of IPv4 and IPv6." },
	[MANAGEMENT_SNMP]   = { "snmp",   { { "udp", 161 } },                 "SNMP queries." },
	[MANAGEMENT_SSH]    = { "ssh",    { { "tcp", 22 } },                  "Secure shell." },
	[MANAGEMENT_SYSLOG] = { "syslog", { { "udp", 514 } },                 "Log messages from the network." },
	[MANAGEMENT_WEB]    = { "web",    { { "tcp", 80 }, { "tcp", 443 } },  "The dashboard." },
};

const struct service_row service_rows[SERVICE_COUNT] = {
	[SERVICE_DHCP] = { "dhcp", { { "udp", 67 }, { "udp", 547 } }, "Addresses, for IPv4 and IPv6." },
	[SERVICE_DNS]  = { "dns",  { { "udp", 53 }, { "tcp", 53 } },  "Name service." },
	[SERVICE_MDNS] = { "mdns", { { "udp", 5353 } },               "Name service without a server." },
	[SERVICE_NTP]  = { "ntp",  { { "udp", 123 } },                "Time." },
	[SERVICE_TFTP] = { "tftp", { { "udp", 69 } },                 "Boot files." },
};
/* clang-format on */
