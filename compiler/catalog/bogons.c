#include "catalog/bogons.h"

/* RFC 6890 and its successors at IANA: the special-purpose registries. Left out is what links need:
 * 0.0.0.0 and :: before there is an address, link-local addresses of IPv6, multicast as a
 * destination. */
const char *const bogon_sources4[] = {
	"0.0.0.0/8",
	"127.0.0.0/8",
	"169.254.0.0/16",
	"192.0.0.0/24",
	"192.0.2.0/24",
	"198.18.0.0/15",
	"198.51.100.0/24",
	"203.0.113.0/24",
	"224.0.0.0/4",
	"240.0.0.0/4",
	NULL,
};
const char *const bogon_sources6[] = {
	"::1",		 "::ffff:0.0.0.0/96", "100::/64", "2001:10::/28",
	"2001:db8::/32", "3fff::/20",	      "ff00::/8", NULL,
};
const char *const bogon_destinations4[] = {
	"0.0.0.0/8",	 "127.0.0.0/8",	    "192.0.0.0/24",   "192.0.2.0/24",
	"198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", NULL,
};
const char *const bogon_destinations6[] = {
	"::1", "::ffff:0.0.0.0/96", "100::/64", "2001:10::/28", "2001:db8::/32", "3fff::/20", NULL,
};

/* RFC 1918, 6598, 4193. */
const char *const private_networks4[] = {
	"10.0.0.0/8", "100.64.0.0/10", "172.16.0.0/12", "192.168.0.0/16", NULL,
};
const char *const private_networks6[] = { "fc00::/7", NULL };
