#include "config/resolve.h"

#include "schema/schema.h"
#include "value/value.h"

/* Which of the kernel's timeouts a key stands for. The first key that is set decides, so what says
 * one state by its name comes before what says several. What is only implied gives a zone or rule
 * no timeout of a protocol that it sets none of by name: nft could no longer load the ruleset. */
static const struct fill {
	enum timeout_key key;
	enum timeout timeout;
	bool is_implied;
} fills[] = {
	{ KEY_TCP_SYN_SENT, TIMEOUT_TCP_SYN_SENT },
	{ KEY_TCP_SYN_RECV, TIMEOUT_TCP_SYN_RECV },
	{ KEY_TCP_ESTABLISHED, TIMEOUT_TCP_ESTABLISHED },
	{ KEY_TCP_FIN_WAIT, TIMEOUT_TCP_FIN_WAIT },
	{ KEY_TCP_CLOSE_WAIT, TIMEOUT_TCP_CLOSE_WAIT },
	{ KEY_TCP_LAST_ACK, TIMEOUT_TCP_LAST_ACK },
	{ KEY_TCP_TIME_WAIT, TIMEOUT_TCP_TIME_WAIT },
	{ KEY_TCP_CLOSE, TIMEOUT_TCP_CLOSE },
	{ KEY_TCP_SYN_SENT2, TIMEOUT_TCP_SYN_SENT2 },
	{ KEY_TCP_MAX_RETRANS, TIMEOUT_TCP_RETRANS },
	{ KEY_TCP_UNACKNOWLEDGED, TIMEOUT_TCP_UNACK },
	{ KEY_UDP_STREAM, TIMEOUT_UDP_REPLIED },
	{ KEY_UDPLITE_STREAM, TIMEOUT_UDPLITE_REPLIED },
	{ KEY_GRE, TIMEOUT_GRE },
	{ KEY_GRE_STREAM, TIMEOUT_GRE_STREAM },
	{ KEY_SCTP_CLOSED, TIMEOUT_SCTP_CLOSED },
	{ KEY_SCTP_COOKIE_WAITED, TIMEOUT_SCTP_COOKIE_WAIT },
	{ KEY_SCTP_COOKIE_ECHOED, TIMEOUT_SCTP_COOKIE_ECHOED },
	{ KEY_SCTP_ESTABLISHED, TIMEOUT_SCTP_ESTABLISHED },
	{ KEY_SCTP_SHUTDOWN_SENT, TIMEOUT_SCTP_SHUTDOWN_SENT },
	{ KEY_SCTP_SHUTDOWN_RECD, TIMEOUT_SCTP_SHUTDOWN_RECD },
	{ KEY_SCTP_SHUTDOWN_ACK_SENT, TIMEOUT_SCTP_SHUTDOWN_ACK_SENT },
	{ KEY_SCTP_HEARTBEAT_SENT, TIMEOUT_SCTP_HEARTBEAT_SENT },
	{ KEY_GENERIC, TIMEOUT_GENERIC },
	{ KEY_TCP, TIMEOUT_TCP_ESTABLISHED },
	{ KEY_UDP, TIMEOUT_UDP_UNREPLIED },
	{ KEY_UDP, TIMEOUT_UDP_REPLIED },
	{ KEY_UDPLITE, TIMEOUT_UDPLITE_UNREPLIED },
	{ KEY_UDPLITE, TIMEOUT_UDPLITE_REPLIED },
	{ KEY_UDP_STREAM, TIMEOUT_UDPLITE_REPLIED, true },
	{ KEY_UDP, TIMEOUT_UDPLITE_UNREPLIED, true },
	{ KEY_UDP, TIMEOUT_UDPLITE_REPLIED, true },
	{ KEY_ICMP, TIMEOUT_ICMP },
	{ KEY_ICMP, TIMEOUT_ICMPV6 },
	{ KEY_UNREPLIED, TIMEOUT_UDP_UNREPLIED },
	{ KEY_UNREPLIED, TIMEOUT_TCP_SYN_SENT },
	{ KEY_UNREPLIED, TIMEOUT_UDPLITE_UNREPLIED, true },
	{ KEY_UNREPLIED, TIMEOUT_GRE, true },
};

/* Whether an object of the protocol is needed anyway. */
static bool names_protocol(const struct written_timeouts *written, enum timeout_protocol protocol)
{
	for (size_t i = 0; i < countof(fills); i++)
		if (!fills[i].is_implied && timeout_rows[fills[i].timeout].protocol == protocol &&
		    field_is_set(written->key[fills[i].key]))
			return true;
	return false;
}

void timeouts_resolve(const struct written_timeouts *written, bool is_own, struct timeouts *out)
{
	bool fits[TIMEOUT_PROTOCOL_COUNT];
	for (int i = 0; i < TIMEOUT_PROTOCOL_COUNT; i++)
		fits[i] = !is_own || (timeout_protocol_rows[i].has_objects &&
				      names_protocol(written, (enum timeout_protocol)i));
	out->at = written->at;
	for (size_t i = 0; i < countof(fills); i++) {
		const struct field_number *from = &written->key[fills[i].key];
		struct field_number *to = &out->of[fills[i].timeout];
		enum timeout_protocol protocol = timeout_rows[fills[i].timeout].protocol;
		if (field_is_set(*from) && !field_is_set(*to) && fits[protocol])
			*to = *from;
	}
}

/* What the kernel takes for one zone or rule, and does nothing with. */
static const struct refused {
	enum timeout_key key;
	enum diag_code code;
} refused[] = {
	{ KEY_GRE, D_ZONE_GRE },
	{ KEY_GRE_STREAM, D_ZONE_GRE },
	{ KEY_GENERIC, D_ZONE_GENERIC },
};

void timeouts_check_own(struct scope *scope, const struct written_timeouts *written,
			const char *owner)
{
	for (size_t i = 0; i < countof(refused); i++) {
		const struct field_number *number = &written->key[refused[i].key];
		const char *name = timeouts_table.rows[refused[i].key].name;
		if (!field_is_set(*number))
			continue;
		struct diag *d = diag_error(scope->diags, refused[i].code, number->at);
		diag_say(d, "the kernel has no %s timeout for one %s", name, owner);
		diag_help(d, "set %s in the conntrack block: it then holds for all zones", name);
	}
}
