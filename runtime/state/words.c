#include "runtime/state/words.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <linux/netfilter/nf_conntrack_common.h>

#include "base/arena.h"

/* The names are those of conntrack(8). */
static const char *const tcp_states[] = {
	"NONE",	      "SYN_SENT", "SYN_RECV",  "ESTABLISHED", "FIN_WAIT",
	"CLOSE_WAIT", "LAST_ACK", "TIME_WAIT", "CLOSE",	      "SYN_SENT2",
};
static const char *const sctp_states[] = {
	"NONE",		  "CLOSED",	   "COOKIE_WAIT",	"COOKIE_ECHOED",
	"ESTABLISHED",	  "SHUTDOWN_SENT", "SHUTDOWN_RECEIVED", "SHUTDOWN_ACK_SENT",
	"HEARTBEAT_SENT",
};
static const char *const dccp_states[] = {
	"NONE",	    "REQUEST", "RESPOND",  "PARTOPEN", "OPEN",
	"CLOSEREQ", "CLOSING", "TIMEWAIT", "IGNORE",   "INVALID",
};

static const struct protocol {
	uint8_t number;
	bool has_ports;
	const char *name;
	const char *const *states;
	size_t states_n;
} protocols[] = {
	{ IPPROTO_TCP, true, "tcp", tcp_states, countof(tcp_states) },
	{ IPPROTO_UDP, true, "udp", NULL, 0 },
	{ IPPROTO_ICMP, false, "icmp", NULL, 0 },
	{ IPPROTO_ICMPV6, false, "icmpv6", NULL, 0 },
	{ IPPROTO_SCTP, true, "sctp", sctp_states, countof(sctp_states) },
	{ IPPROTO_GRE, true, "gre", NULL, 0 },
	{ IPPROTO_DCCP, true, "dccp", dccp_states, countof(dccp_states) },
	{ IPPROTO_UDPLITE, true, "udplite", NULL, 0 },
	{ IPPROTO_IGMP, false, "igmp", NULL, 0 },
	{ IPPROTO_IPIP, false, "ipip", NULL, 0 },
	{ IPPROTO_IPV6, false, "ipv6", NULL, 0 },
	{ IPPROTO_ESP, false, "esp", NULL, 0 },
	{ IPPROTO_AH, false, "ah", NULL, 0 },
	{ 89, false, "ospf", NULL, 0 },
	{ IPPROTO_PIM, false, "pim", NULL, 0 },
	{ 112, false, "vrrp", NULL, 0 },
	{ 115, false, "l2tp", NULL, 0 },
};

static const struct protocol *protocol_get(uint8_t number)
{
	for (size_t i = 0; i < countof(protocols); i++)
		if (protocols[i].number == number)
			return &protocols[i];
	return NULL;
}

const char *l4_name(uint8_t protocol)
{
	const struct protocol *known = protocol_get(protocol);
	return known ? known->name : NULL;
}

bool l4_find(const char *text, uint8_t *protocol)
{
	for (size_t i = 0; i < countof(protocols); i++)
		if (strcasecmp(protocols[i].name, text) == 0) {
			*protocol = protocols[i].number;
			return true;
		}
	char *end;
	unsigned long number = strtoul(text, &end, 10);
	if (*text < '0' || *text > '9' || *end || number > UINT8_MAX)
		return false;
	*protocol = (uint8_t)number;
	return true;
}

bool l4_has_states(uint8_t protocol)
{
	const struct protocol *known = protocol_get(protocol);
	return known && known->states;
}

bool l4_has_ports(uint8_t protocol)
{
	const struct protocol *known = protocol_get(protocol);
	return known && known->has_ports;
}

const char *state_name(uint8_t protocol, uint8_t state)
{
	const struct protocol *known = protocol_get(protocol);
	return known && state < known->states_n ? known->states[state] : NULL;
}

bool state_find(uint8_t protocol, const char *text, uint8_t *state)
{
	const struct protocol *known = protocol_get(protocol);
	for (size_t i = 0; known && i < known->states_n; i++)
		if (strcasecmp(known->states[i], text) == 0) {
			*state = (uint8_t)i;
			return true;
		}
	return false;
}

size_t state_names(const char *const **names)
{
	static const char *const all[] = {
		"NONE",
		"SYN_SENT",
		"SYN_RECV",
		"ESTABLISHED",
		"FIN_WAIT",
		"CLOSE_WAIT",
		"LAST_ACK",
		"TIME_WAIT",
		"CLOSE",
		"SYN_SENT2",
		"CLOSED",
		"COOKIE_WAIT",
		"COOKIE_ECHOED",
		"SHUTDOWN_SENT",
		"SHUTDOWN_RECEIVED",
		"SHUTDOWN_ACK_SENT",
		"HEARTBEAT_SENT",
		"REQUEST",
		"RESPOND",
		"PARTOPEN",
		"OPEN",
		"CLOSEREQ",
		"CLOSING",
		"TIMEWAIT",
		"IGNORE",
		"INVALID",
	};
	*names = all;
	return countof(all);
}

#define NAT (IPS_SRC_NAT | IPS_DST_NAT)

const struct status_word status_words[] = {
	{ "expected", IPS_EXPECTED, 0, 0, true },
	{ "replied", IPS_SEEN_REPLY, 0, 0, false },
	{ "seen-reply", IPS_SEEN_REPLY, 0, 0, true },
	{ "unreplied", 0, IPS_SEEN_REPLY, 0, true },
	{ "assured", IPS_ASSURED, 0, 0, true },
	{ "unassured", 0, IPS_ASSURED, 0, false },
	{ "confirmed", IPS_CONFIRMED, 0, 0, true },
	{ "natted", 0, 0, NAT, false },
	{ "snat", IPS_SRC_NAT, 0, 0, true },
	{ "dnat", IPS_DST_NAT, 0, 0, true },
	{ "unnatted", 0, NAT, 0, false },
	{ "seq-adjust", IPS_SEQ_ADJUST, 0, 0, true },
	{ "dying", IPS_DYING, 0, 0, true },
	{ "fixed-timeout", IPS_FIXED_TIMEOUT, 0, 0, true },
	{ "template", IPS_TEMPLATE, 0, 0, true },
	{ "helper", IPS_HELPER, 0, 0, true },
	{ "offload", IPS_OFFLOAD, 0, 0, true },
	{ "hw-offload", IPS_HW_OFFLOAD, 0, 0, true },
};
const size_t status_words_count = countof(status_words);

const struct status_word *status_find(const char *text, size_t length)
{
	for (size_t i = 0; i < status_words_count; i++)
		if (strlen(status_words[i].name) == length &&
		    strncasecmp(status_words[i].name, text, length) == 0)
			return &status_words[i];
	return NULL;
}

bool status_holds(const struct status_word *word, uint32_t status)
{
	return (status & word->set) == word->set && (status & word->clear) == 0 &&
	       (!word->any || (status & word->any));
}
