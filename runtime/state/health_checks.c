/* What health finds: each check looks at one thing and adds what is wrong with it. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysinfo.h>

#include "runtime/state/entry_size.h"
#include "runtime/state/health.h"
#include "runtime/state/names.h"

enum {
	CHAIN_MAX = 8,
	/* Where fewer connections are in the table, a share of them says nothing. */
	IDLE_MIN = 100,
	IDLE_PERCENT = 25,
	/* A burst in a table that is nearly empty is no growth. */
	GROWTH_PERCENT = 25,
	GROWTH_WARN = 600,
	GROWTH_CRITICAL = 60,
};

static void find(struct health *health, enum grade grade, const char *evidence, const char *advice)
{
	*push(health->session->arena, &health->findings) =
		(struct finding){ grade, evidence, advice };
}

static uint64_t percent_full(const struct health *health)
{
	return health->most ? health->now.entries * 100 / health->most : 0;
}

static const char *advise_room(const struct health *health)
{
	uint64_t most = health->most < INT32_MAX / 2 ? health->most * 2 : INT32_MAX;
	return arena_printf(health->session->arena, "conntrack { max_connections = %" PRIu64 " }",
			    most);
}

static void check_fill(struct health *health)
{
	uint64_t percent = percent_full(health);

	if (percent < WARN_PERCENT)
		return;
	find(health, percent < CRITICAL_PERCENT ? GRADE_WARNING : GRADE_CRITICAL,
	     arena_printf(health->session->arena,
			  "the table is %" PRIu64 "%% full: %" PRIu64 " of %" PRIu64 " connections",
			  percent, health->now.entries, health->most),
	     advise_room(health));
}

static void check_growth(struct health *health)
{
	uint64_t left = health_time_to_full(health);

	if (left == 0 || left > GROWTH_WARN || percent_full(health) < GROWTH_PERCENT)
		return;
	find(health, left > GROWTH_CRITICAL ? GRADE_WARNING : GRADE_CRITICAL,
	     arena_printf(health->session->arena,
			  "%" PRIu64
			  " connections were added in %llu s: the table is full in %" PRIu64 " s",
			  health->now.entries - health->before.entries, health->seconds, left),
	     advise_room(health));
}

static void check_chains(struct health *health)
{
	struct arena *arena = health->session->arena;

	if (health->buckets == 0 || health->most / health->buckets <= CHAIN_MAX)
		return;
	find(health, GRADE_WARNING,
	     arena_printf(arena,
			  "a full table has %" PRIu64
			  " connections in a bucket, for there are %" PRIu64 " buckets",
			  health->most / health->buckets, health->buckets),
	     arena_printf(arena, "conntrack { hash_size = %" PRIu64 " }", health->most / 4));
}

static void check_memory(struct health *health)
{
	struct arena *arena = health->session->arena;
	struct sysinfo machine;

	if (sysinfo(&machine) != 0)
		return;
	uint64_t half = (uint64_t)machine.totalram * machine.mem_unit / 2;
	uint64_t full = health_memory(health, health->most);
	if (full <= half)
		return;
	find(health, GRADE_WARNING,
	     arena_printf(arena,
			  "a full table takes %" PRIu64
			  " MB, more than half of this machine's memory",
			  full >> 20),
	     arena_printf(arena, "conntrack { max_connections = %" PRIu64 " }",
			  half / (health->entry_bytes + BUCKET_BYTES)));
}

/* What the kernel counts since it started says nothing about now; what was added since the first
 * reading does. */
static void check_losses(struct health *health)
{
	static const struct {
		enum stat stat;
		enum grade grade;
		bool is_room; /* a larger table mends it */
	} rows[] = {
		{ STAT_DROP, GRADE_CRITICAL, true },
		{ STAT_EARLY_DROP, GRADE_WARNING, true },
		{ STAT_INSERT_FAILED, GRADE_WARNING, false },
	};

	for (size_t i = 0; i < countof(rows); i++) {
		uint32_t added = (uint32_t)(health->now.stats.at[rows[i].stat] -
					    health->before.stats.at[rows[i].stat]);
		if (added == 0)
			continue;
		find(health, rows[i].grade,
		     arena_printf(health->session->arena, "%s rose by %u in %llu s",
				  stat_name(rows[i].stat), added, health->seconds),
		     rows[i].is_room ? advise_room(health) : NULL);
	}
}

static void check_idle(struct health *health)
{
	static const struct {
		const char *what, *advice;
	} rows[IDLE_COUNT] = {
		[IDLE_ESTABLISHED] = { "are TCP that was idle for an hour or more, going by the "
				       "longest timeout, and that stays for another day",
				       "conntrack { timeouts = { tcp_established = \"2h4m\" } }" },
		[IDLE_SYN_SENT] = { "are TCP that nobody answered, and stay for more than 10 "
				    "minutes",
				    "conntrack { timeouts = { tcp_syn_sent = \"2m\" } }" },
		[IDLE_UDP] = { "are UDP that nobody answered, and stay for more than 10 minutes",
			       "conntrack { timeouts = { udp = \"30s\" } }" },
		[IDLE_ICMP] = { "are ICMP that nobody answered, and stay for more than 10 minutes",
				"conntrack { timeouts = { icmp = \"30s\" } }" },
	};

	for (size_t i = 0; i < IDLE_COUNT; i++) {
		uint64_t n = health->idle[i];
		if (n < IDLE_MIN || n * 100 < health->connections * IDLE_PERCENT)
			continue;
		find(health, GRADE_WARNING,
		     arena_printf(health->session->arena,
				  "%" PRIu64 " of %" PRIu64 " connections %s", n,
				  health->connections, rows[i].what),
		     rows[i].advice);
	}
}

/* The kernel knows parts of H.323 by names of their own. */
static const char *helper_word(const char *helper)
{
	static const char *const parts[] = { "Q.931", "RAS", "H.245" };

	for (size_t i = 0; i < countof(parts); i++)
		if (strcmp(helper, parts[i]) == 0)
			return "h323";
	return helper;
}

/* Expectations are short-lived: that there is none now says nothing, that there never was one does.
 */
static void check_helpers(struct health *health)
{
	struct arena *arena = health->session->arena;

	if (health->expectations_made > 0)
		return;
	for (uint32_t i = 0; i < health->helpers.all.n; i++) {
		const struct helper_use *use = &health->helpers.all.at[i];
		if (use->working == 0 || use->expectations > 0)
			continue;
		find(health, GRADE_WARNING,
		     arena_printf(arena,
				  "the helper %s serves %" PRIu64
				  " connection%s, and has never expected one: what is said there "
				  "may be encrypted, or another protocol",
				  use->helper, use->working, use->working == 1 ? "" : "s"),
		     arena_printf(arena, "conntrack { helpers = { %s = false } }",
				  helper_word(use->helper)));
	}
}

static const char *text_at(const json_t *row, const char *key)
{
	const char *text = json_string_value(json_object_get(row, key));
	return text ? text : "";
}

/* The same limit with twice the number: 100, or "100/second". */
static const char *advise_limit(struct arena *arena, const json_t *row)
{
	const char *value = text_at(row, "value");
	char *rest;
	unsigned long long number = strtoull(value, &rest, 10);
	const char *quote = *rest ? "\"" : "";

	return arena_printf(arena, "zone \"%s\" {\n  conntrack { limits = { %s = %s%llu%s%s } }\n}",
			    text_at(row, "zone"), text_at(row, "limit"), quote, number * 2, rest,
			    quote);
}

static void check_limits(struct health *health)
{
	const json_t *limits = json_object_get(names_get(health->session)->content, "limits");
	struct arena *arena = health->session->arena;
	size_t i;
	const json_t *row;

	json_array_foreach(limits, i, row)
	{
		const char *name = text_at(row, "counter");
		const struct counter *before = counter_find(&health->before.counters, name);
		const struct counter *now = counter_find(&health->now.counters, name);
		if (!before || !now || now->packets <= before->packets)
			continue;
		find(health, GRADE_WARNING,
		     arena_printf(
			     arena,
			     "the limit %s = %s of zone %s refused %" PRIu64 " packets in %llu s",
			     text_at(row, "limit"), text_at(row, "value"), text_at(row, "zone"),
			     now->packets - before->packets, health->seconds),
		     advise_limit(arena, row));
	}
}

uint64_t health_memory(const struct health *health, uint64_t entries)
{
	return entries * health->entry_bytes + health->buckets * BUCKET_BYTES;
}

uint64_t health_time_to_full(const struct health *health)
{
	if (health->now.entries <= health->before.entries || health->now.entries > health->most)
		return 0;
	uint64_t added = health->now.entries - health->before.entries;
	uint64_t left = (health->most - health->now.entries) * health->seconds / added;
	return left ? left : 1;
}

void health_check(struct health *health)
{
	static void (*const checks[])(struct health * health) = {
		check_fill,   check_growth, check_chains,  check_memory,
		check_losses, check_limits, check_helpers, check_idle,
	};

	for (size_t i = 0; i < countof(checks); i++)
		checks[i](health);
}
