#include "catalog/protocols.h"

#include <stddef.h>
#include <string.h>

static const struct row {
	const char *name;
	int number;
} rows[] = {
	{ "icmp", 1 },	{ "igmp", 2 },	 { "tcp", 6 },	     { "udp", 17 },   { "dccp", 33 },
	{ "gre", 47 },	{ "esp", 50 },	 { "ah", 51 },	     { "comp", 108 }, { "ipv6-icmp", 58 },
	{ "ospf", 89 }, { "sctp", 132 }, { "udplite", 136 },
};

int protocol_number(const char *name)
{
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (strcmp(rows[i].name, name) == 0)
			return rows[i].number;
	return -1;
}
