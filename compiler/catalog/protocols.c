#include "catalog/protocols.h"

#include <stddef.h>
#include <string.h>

static const struct row {
	const char *name;
	int number;
	const char *word;
	bool has_ports;
} rows[] = {
	/* clang-format off */
	{ "icmp",      1,   "icmp",    false },
	{ "igmp",      2,   "igmp",    false },
	{ "ipencap",   4,   NULL,      false },
	{ "tcp",       6,   "tcp",     true },
	{ "udp",       17,  "udp",     true },
	{ "dccp",      33,  "dccp",    true },
	{ "ipv6",      41,  NULL,      false },
	{ "rsvp",      46,  NULL,      false },
	{ "gre",       47,  NULL,      false },
	{ "esp",       50,  "esp",     false },
	{ "ah",        51,  "ah",      false },
	{ "ipv6-icmp", 58,  "icmpv6",  false },
	{ "eigrp",     88,  NULL,      false },
	{ "ospf",      89,  NULL,      false },
	{ "etherip",   97,  NULL,      false },
	{ "pim",       103, NULL,      false },
	{ "ipcomp",    108, NULL,      false },
	{ "vrrp",      112, NULL,      false },
	{ "l2tp",      115, NULL,      false },
	{ "sctp",      132, "sctp",    true },
	{ "udplite",   136, "udplite", true },
	/* clang-format on */
};

static const struct row *find(const char *name)
{
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (strcmp(rows[i].name, name) == 0)
			return &rows[i];
	return NULL;
}

int protocol_number(const char *name)
{
	const struct row *row = find(name);
	return row ? row->number : -1;
}

const char *protocol_name(int number)
{
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (rows[i].number == number)
			return rows[i].name;
	return NULL;
}

const char *protocol_word(const char *name)
{
	const struct row *row = find(name);
	return row ? row->word : NULL;
}

bool protocol_has_ports(const char *name)
{
	const struct row *row = find(name);
	return row && row->has_ports;
}

const char *protocol_at(size_t index)
{
	return index < sizeof rows / sizeof *rows ? rows[index].name : NULL;
}
