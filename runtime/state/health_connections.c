/* What health looks for in the connections themselves. */
#include <netinet/in.h>

#include <linux/netfilter/nf_conntrack_common.h>
#include <linux/netfilter/nf_conntrack_tcp.h>

#include "runtime/program.h"
#include "runtime/state/dump.h"
#include "runtime/state/health.h"
#include "runtime/state/names.h"
#include "runtime/state/socket.h"

enum {
	FIELDS = HELPER_FIELDS | FIELD_STATE | FIELD_TIMEOUT,
	UNANSWERED_SECONDS = 600, /* no answer takes so long to come */
};

/* IDLE_COUNT: it is none that waits for an answer. */
static enum idle unanswered_of(const struct connection *connection)
{
	uint8_t protocol = connection->original.protocol;

	if ((connection->status & IPS_SEEN_REPLY) || connection->timeout <= UNANSWERED_SECONDS)
		return IDLE_COUNT;
	if (protocol == IPPROTO_TCP)
		return connection->state == TCP_CONNTRACK_SYN_SENT ? IDLE_SYN_SENT : IDLE_COUNT;
	if (protocol == IPPROTO_UDP)
		return IDLE_UDP;
	return protocol == IPPROTO_ICMP ? IDLE_ICMP : IDLE_COUNT;
}

/* Established TCP by the hours that are left to it; the last element has those with more. */
enum { HOURS = 256 };
struct reading {
	struct health *health;
	uint64_t established[HOURS];
};

static bool count(void *context, const struct connection *connection)
{
	struct reading *reading = context;
	enum idle unanswered = unanswered_of(connection);
	uint32_t hours = connection->timeout / 3600;

	reading->health->connections++;
	helper_uses_count(&reading->health->helpers, connection);
	if (unanswered != IDLE_COUNT)
		reading->health->idle[unanswered]++;
	if (connection->original.protocol == IPPROTO_TCP &&
	    connection->state == TCP_CONNTRACK_ESTABLISHED)
		reading->established[hours < HOURS ? hours : HOURS - 1]++;
	return true;
}

/* What has run down by an hour since its last packet, and would still stay for another day. The
 * kernel does not tell where a timeout began: the longest that there is stands for it. */
static uint64_t count_idle(const struct reading *reading)
{
	size_t longest = HOURS - 1;
	uint64_t n = 0;

	while (longest > 0 && reading->established[longest] == 0)
		longest--;
	for (size_t hours = 24; hours + 2 <= longest; hours++)
		n += reading->established[hours];
	return n;
}

int health_read_connections(struct health *health)
{
	struct reading reading = { .health = health };
	const struct dump dump = { NULL, FIELDS, count, &reading };
	struct arena *arena = health->session->arena;
	struct expectations expectations;
	struct dump_result result;

	int error = helper_uses_read(arena, names_table(health->session), &health->helpers);
	if (error)
		return kernel_refused("read the helpers of flywall's table", error);
	int status = dump_or_say(&dump, &result);
	if (status != STATUS_DONE)
		return status;
	health->idle[IDLE_ESTABLISHED] = count_idle(&reading);
	error = expectations_made(&health->expectations_made);
	if (!error)
		error = expectations_read(arena, &expectations);
	if (error)
		return kernel_refused("read the expectations", error);
	helper_uses_expect(&health->helpers, &expectations);
	return STATUS_DONE;
}
