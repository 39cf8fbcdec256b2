#include "config/resolve.h"

#include "schema/schema.h"
#include "value/value.h"

/* Which of the kernel's timeouts a key stands for. The first key that is set decides, so what says
 * one state by its name comes before what says several. */
static const struct fill {
	enum timeout_key key;
	enum timeout timeout;
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
	{ KEY_ICMP, TIMEOUT_ICMP },
	{ KEY_ICMP, TIMEOUT_ICMPV6 },
	{ KEY_UNREPLIED, TIMEOUT_UDP_UNREPLIED },
	{ KEY_UNREPLIED, TIMEOUT_TCP_SYN_SENT },
	{ KEY_UNREPLIED, TIMEOUT_GRE },
};

/* Timeout objects, which nft writes for these alone, are all that a zone can have of its own. */
static bool is_for_zones(enum timeout timeout)
{
	return timeout_rows[timeout].protocol == TIMEOUT_OF_TCP ||
	       timeout_rows[timeout].protocol == TIMEOUT_OF_UDP;
}

void timeouts_resolve(const struct written_timeouts *written, bool is_zone, struct timeouts *out)
{
	out->at = written->at;
	for (size_t i = 0; i < countof(fills); i++) {
		const struct field_number *from = &written->key[fills[i].key];
		struct field_number *to = &out->of[fills[i].timeout];
		if (field_is_set(*from) && !field_is_set(*to) &&
		    (!is_zone || is_for_zones(fills[i].timeout)))
			*to = *from;
	}
}

static void refuse(struct scope *scope, const char *name, const char *owner, enum timeout timeout,
		   struct span at)
{
	if (timeout == TIMEOUT_GENERIC) {
		struct diag *d = diag_error(scope->diags, D_ZONE_GENERIC, at);
		diag_say(d, "the kernel has no generic timeout for one %s", owner);
		diag_help(d, "set generic in the conntrack block: it then holds for all zones");
		return;
	}
	struct diag *d = diag_error(scope->diags, D_ZONE_TIMEOUT, at);
	diag_say(d, "%s cannot be set for one %s by this version", name, owner);
	diag_help(d, "set it in the conntrack block: it then holds for all zones");
}

void timeouts_check_own(struct scope *scope, const struct written_timeouts *written,
			const char *owner)
{
	bool is_done[KEY_COUNT] = { false };
	for (size_t i = 0; i < countof(fills); i++) {
		enum timeout_key key = fills[i].key;
		bool is_first = !is_done[key];
		is_done[key] = true;
		if (is_first && field_is_set(written->key[key]) && !is_for_zones(fills[i].timeout))
			refuse(scope, timeouts_table.rows[key].name, owner, fills[i].timeout,
			       written->key[key].at);
	}
}
