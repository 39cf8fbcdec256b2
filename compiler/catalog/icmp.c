#include "catalog/icmp.h"

#include <stdbool.h>
#include <string.h>

#include "base/address.h"

/* clang-format off */
const struct icmp_row icmp_rows[] = {
	{ "address-mask-reply",              FAMILY_IPV4, 18,  "address-mask-reply" },
	{ "address-mask-request",            FAMILY_IPV4, 17,  "address-mask-request" },
	{ "destination-unreachable",         FAMILY_IPV4, 3,   "destination-unreachable" },
	{ "destination-unreachable",         FAMILY_IPV6, 1,   "destination-unreachable" },
	{ "echo-reply",                      FAMILY_IPV4, 0,   "echo-reply" },
	{ "echo-reply",                      FAMILY_IPV6, 129, "echo-reply" },
	{ "echo-request",                    FAMILY_IPV4, 8,   "echo-request" },
	{ "echo-request",                    FAMILY_IPV6, 128, "echo-request" },
	{ "ind-neighbor-advert",             FAMILY_IPV6, 142, "ind-neighbor-advert" },
	{ "ind-neighbor-solicit",            FAMILY_IPV6, 141, "ind-neighbor-solicit" },
	{ "info-reply",                      FAMILY_IPV4, 16,  "info-reply" },
	{ "info-request",                    FAMILY_IPV4, 15,  "info-request" },
	{ "mld-listener-done",               FAMILY_IPV6, 132, "mld-listener-done" },
	{ "mld-listener-query",              FAMILY_IPV6, 130, "mld-listener-query" },
	{ "mld-listener-reduction",          FAMILY_IPV6, 132, "mld-listener-done" },
	{ "mld-listener-report",             FAMILY_IPV6, 131, "mld-listener-report" },
	{ "mld2-listener-report",            FAMILY_IPV6, 143, "mld2-listener-report" },
	{ "nd-neighbor-advert",              FAMILY_IPV6, 136, "nd-neighbor-advert" },
	{ "nd-neighbor-solicit",             FAMILY_IPV6, 135, "nd-neighbor-solicit" },
	{ "nd-redirect",                     FAMILY_IPV6, 137, "nd-redirect" },
	{ "nd-router-advert",                FAMILY_IPV6, 134, "nd-router-advert" },
	{ "nd-router-solicit",               FAMILY_IPV6, 133, "nd-router-solicit" },
	{ "neighbor-advertisement",          FAMILY_IPV6, 136, "nd-neighbor-advert" },
	{ "neighbor-solicitation",           FAMILY_IPV6, 135, "nd-neighbor-solicit" },
	{ "packet-too-big",                  FAMILY_IPV6, 2,   "packet-too-big" },
	{ "parameter-problem",               FAMILY_IPV4, 12,  "parameter-problem" },
	{ "parameter-problem",               FAMILY_IPV6, 4,   "parameter-problem" },
	{ "ping",                            FAMILY_IPV4, 8,   "echo-request" },
	{ "ping",                            FAMILY_IPV6, 128, "echo-request" },
	{ "pong",                            FAMILY_IPV4, 0,   "echo-reply" },
	{ "pong",                            FAMILY_IPV6, 129, "echo-reply" },
	{ "redirect",                        FAMILY_IPV4, 5,   "redirect" },
	{ "redirect",                        FAMILY_IPV6, 137, "nd-redirect" },
	{ "router-advertisement",            FAMILY_IPV4, 9,   "router-advertisement" },
	{ "router-advertisement",            FAMILY_IPV6, 134, "nd-router-advert" },
	{ "router-renumbering",              FAMILY_IPV6, 138, "router-renumbering" },
	{ "router-solicitation",             FAMILY_IPV4, 10,  "router-solicitation" },
	{ "router-solicitation",             FAMILY_IPV6, 133, "nd-router-solicit" },
	{ "source-quench",                   FAMILY_IPV4, 4,   "source-quench" },
	{ "time-exceeded",                   FAMILY_IPV4, 11,  "time-exceeded" },
	{ "time-exceeded",                   FAMILY_IPV6, 3,   "time-exceeded" },
	{ "timestamp-reply",                 FAMILY_IPV4, 14,  "timestamp-reply" },
	{ "timestamp-request",               FAMILY_IPV4, 13,  "timestamp-request" },
	{ "ttl-exceeded",                    FAMILY_IPV4, 11,  "time-exceeded" },
	{ "ttl-exceeded",                    FAMILY_IPV6, 3,   "time-exceeded" },
	{ "unreachable",                     FAMILY_IPV4, 3,   "destination-unreachable" },
	{ "unreachable",                     FAMILY_IPV6, 1,   "destination-unreachable" },
};
const size_t icmp_rows_n = sizeof icmp_rows / sizeof *icmp_rows;
/* clang-format on */

const struct icmp_row *icmp_find(const char *name)
{
	size_t low = 0, high = icmp_rows_n;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (strcmp(icmp_rows[middle].name, name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	bool is_found = low < icmp_rows_n && strcmp(icmp_rows[low].name, name) == 0;
	return is_found ? &icmp_rows[low] : NULL;
}

const char *icmp_word(uint8_t family, uint8_t number)
{
	for (size_t i = 0; i < icmp_rows_n; i++)
		if (icmp_rows[i].family == family && icmp_rows[i].number == number)
			return icmp_rows[i].word;
	return NULL;
}
