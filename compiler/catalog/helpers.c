#include "catalog/helpers.h"

#include <string.h>

const struct helper_row helper_rows[HELPER_COUNT] = {
	[HELPER_AMANDA] = { .name = "amanda",
			    .objects = { { "", "amanda", "udp", 10080, true } },
			    .l3proto = "inet",
			    .module = "nf_conntrack_amanda",
			    .doc = "Amanda backup: the data connections that the server opens." },
	[HELPER_FTP] = { .name = "ftp",
			 .objects = { { "", "ftp", "tcp", 21, true } },
			 .l3proto = "inet",
			 .media = "tcp",
			 .module = "nf_conntrack_ftp",
			 .has_loose = true,
			 .doc = "FTP: active and passive data connections." },
	[HELPER_H323] = { .name = "h323",
			  .objects = { { "_q931", "Q.931", "tcp", 1720, true },
				       { "_ras", "RAS", "udp", 1719, false } },
			  .l3proto = "inet",
			  .media = "udp",
			  .module = "nf_conntrack_h323",
			  .doc = "H.323 telephony: call signalling, gatekeeper and media." },
	[HELPER_IRC] = { .name = "irc",
			 .objects = { { "", "irc", "tcp", 6667, true } },
			 .l3proto = "ip",
			 .module = "nf_conntrack_irc",
			 .doc = "IRC: DCC connections. IPv4 only." },
	[HELPER_NETBIOS_NS] = { .name = "netbios-ns",
				.objects = { { "", "netbios-ns", "udp", 137, true } },
				.l3proto = "ip",
				.broadcast = true,
				.module = "nf_conntrack_netbios_ns",
				.doc = "NetBIOS name queries that this machine broadcasts. IPv4 only." },
	[HELPER_PPTP] = { .name = "pptp",
			  .objects = { { "", "pptp", "tcp", 1723, true } },
			  .l3proto = "ip",
			  .module = "nf_conntrack_pptp",
			  .needs_gre = true,
			  .doc = "PPTP tunnels: the GRE connections. IPv4 only." },
	[HELPER_SANE] = { .name = "sane",
			  .objects = { { "", "sane", "tcp", 6566, true } },
			  .l3proto = "inet",
			  .module = "nf_conntrack_sane",
			  .doc = "SANE scanner servers: the data connections." },
	[HELPER_SIP] = { .name = "sip",
			 .objects = { { "_tcp", "sip", "tcp", 5060, true },
				      { "_udp", "sip", "udp", 5060, true } },
			 .l3proto = "inet",
			 .media = "udp",
			 .module = "nf_conntrack_sip",
			 .doc = "SIP telephony: signalling over TCP and UDP, and media." },
	[HELPER_SNMP] = { .name = "snmp",
			  .objects = { { "", "snmp", "udp", 161, true } },
			  .l3proto = "ip",
			  .broadcast = true,
			  .module = "nf_conntrack_snmp",
			  .doc = "SNMP queries that this machine broadcasts. IPv4 only." },
	[HELPER_TFTP] = { .name = "tftp",
			  .objects = { { "", "tftp", "udp", 69, true } },
			  .l3proto = "inet",
			  .media = "udp",
			  .module = "nf_conntrack_tftp",
			  .doc = "TFTP: the transfers, which answer from another port." },
};

enum helper helper_find(const char *name)
{
	for (int helper = 0; helper < HELPER_COUNT; helper++)
		if (strcmp(helper_rows[helper].name, name) == 0)
			return (enum helper)helper;
	return HELPER_COUNT;
}
