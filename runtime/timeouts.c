#include "runtime/timeouts.h"

#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include <jansson.h>
#include <linux/netfilter/nfnetlink_cttimeout.h>

/* What follows it: "inet TABLE NAME { protocol icmp; l3proto inet; policy = { timeout : 5 }; }" */
static const char opening[] = "# add ct timeout ";

/* The states of a protocol that nft has no words for, in the order in which the ruleset has them.
 */
static const struct protocol {
	const char *name;
	uint8_t number;
	uint16_t states[8]; /* attributes; 0: no more */
} protocols[] = {
	{ "icmp", IPPROTO_ICMP, { CTA_TIMEOUT_ICMP_TIMEOUT } },
	{ "icmpv6", IPPROTO_ICMPV6, { CTA_TIMEOUT_ICMPV6_TIMEOUT } },
	{ "udplite",
	  IPPROTO_UDPLITE,
	  { CTA_TIMEOUT_UDPLITE_UNREPLIED, CTA_TIMEOUT_UDPLITE_REPLIED } },
	{ "sctp",
	  IPPROTO_SCTP,
	  { CTA_TIMEOUT_SCTP_CLOSED, CTA_TIMEOUT_SCTP_COOKIE_WAIT, CTA_TIMEOUT_SCTP_COOKIE_ECHOED,
	    CTA_TIMEOUT_SCTP_ESTABLISHED, CTA_TIMEOUT_SCTP_SHUTDOWN_SENT,
	    CTA_TIMEOUT_SCTP_SHUTDOWN_RECD, CTA_TIMEOUT_SCTP_SHUTDOWN_ACK_SENT,
	    CTA_TIMEOUT_SCTP_HEARTBEAT_SENT } },
};

static const struct protocol *protocol_find(const char *name)
{
	for (size_t i = 0; i < countof(protocols); i++)
		if (strcmp(protocols[i].name, name) == 0)
			return &protocols[i];
	return NULL;
}

/* "unreplied : 8, replied : 60 }; }": as many states as the protocol has. */
static bool states_read(const char *at, const struct protocol *protocol,
			struct timeout_object *object)
{
	for (size_t i = 0; i < countof(protocol->states) && protocol->states[i]; i++) {
		uint32_t seconds;
		int read = 0;
		if (i > 0 && strncmp(at, ", ", 2) == 0)
			at += 2;
		if (sscanf(at, "%*31[a-z0-9_] : %u%n", &seconds, &read) != 1 || seconds == 0)
			return false;
		object->seconds[protocol->states[i]] = seconds;
		at += read;
	}
	return strcmp(at, " }; }") == 0;
}

static bool object_read(struct arena *arena, const char *line, struct timeout_object *object)
{
	char table[256], name[256], word[16];
	int read = 0;
	if (sscanf(line, "inet %255s %255s { protocol %15[a-z0-9]; l3proto inet; policy = { %n",
		   table, name, word, &read) != 3 ||
	    !read)
		return false;
	const struct protocol *protocol = protocol_find(word);
	if (!protocol)
		return false;
	object->table = text_copy(arena, text_of(table));
	object->name = text_copy(arena, text_of(name));
	object->protocol = protocol->number;
	return states_read(line + read, protocol, object);
}

uint32_t timeouts_read(struct arena *arena, struct text ruleset, struct timeout_objects *out)
{
	const char *at = ruleset.s, *end = ruleset.n > 0 ? ruleset.s + ruleset.n : ruleset.s;

	for (uint32_t number = 1; at < end && *at == '#'; number++) {
		const char *feed = memchr(at, '\n', (size_t)(end - at));
		struct text line = { at, (size_t)((feed ? feed : end) - at) };
		at = feed ? feed + 1 : end;
		size_t n = strlen(opening);
		if (line.n < n || memcmp(line.s, opening, n) != 0)
			continue;
		struct timeout_object object = { .line = number, .text = line };
		const char *rest = text_copy(arena, (struct text){ line.s + n, line.n - n });
		if (!object_read(arena, rest, &object))
			return number;
		*push(arena, out) = object;
	}
	return 0;
}

static const struct timeout_object *object_find(const struct timeout_objects *objects,
						const char *name)
{
	for (uint32_t i = 0; i < objects->n; i++)
		if (strcmp(objects->at[i].name, name) == 0)
			return &objects->at[i];
	return NULL;
}

/* The kernel shows states that were not set too. */
static bool object_serves(const struct timeout_object *there, const struct timeout_object *wanted)
{
	for (int i = 0; i < TIMEOUT_STATES_MAX; i++)
		if (wanted->seconds[i] && wanted->seconds[i] != there->seconds[i])
			return false;
	return !there->is_narrow && there->protocol == wanted->protocol;
}

static void want_object(struct arena *arena, const struct timeout_object *wanted,
			const struct timeout_object *there, struct timeout_objects *missing)
{
	if (there && object_serves(there, wanted))
		return;
	struct timeout_object *object = push(arena, missing);
	*object = *wanted;
	object->is_replaced = there != NULL;
}

/* As libnftables writes it: at its line, where it is one object. */
static const char *refusal_describe(struct arena *arena, const struct timeout_objects *objects,
				    uint32_t refused, int error)
{
	const char *words = strerror(-error);
	if (refused >= objects->n)
		return arena_printf(arena, "netlink: Error: Could not process rule: %s\n", words);
	return arena_printf(arena, "ruleset:%u:3-%zu: Error: Could not process rule: %s\n",
			    objects->at[refused].line, strlen(opening), words);
}

int timeouts_make(struct arena *arena, const struct timeout_objects *objects,
		  struct timeout_objects *made, const char **why)
{
	struct timeout_objects there = { 0 }, missing = { 0 };
	uint32_t refused = 0;

	if (objects->n == 0)
		return 0;
	int error = timeout_objects_list(arena, objects->at[0].table, &there);
	for (uint32_t i = 0; !error && i < objects->n; i++)
		want_object(arena, &objects->at[i], object_find(&there, objects->at[i].name),
			    &missing);
	if (!error && missing.n > 0)
		error = timeout_objects_create(&missing, &refused);
	if (error) {
		*why = refusal_describe(arena, &missing, refused, error);
		return error;
	}
	*made = missing;
	return 0;
}

int timeouts_unmake(struct arena *arena, const struct timeout_objects *made)
{
	if (made->n == 0)
		return 0;
	const char *table = made->at[0].table;
	struct timeout_objects there = { 0 }, rest = { 0 };
	int error = timeout_objects_list(arena, table, &there);
	/* Somebody may have emptied the table meanwhile. */
	for (uint32_t i = 0; !error && i < there.n; i++)
		if (object_find(made, there.at[i].name))
			*push(arena, &rest) = there.at[i];
	if (!error && rest.n > 0)
		error = timeout_objects_delete(&rest);
	return error ? error : timeout_table_delete_empty(table);
}

/* What nothing uses any more */

static void json_drop(json_t **json)
{
	json_decref(*json);
}

#define autojson __attribute__((cleanup(json_drop)))

/* Seconds since the machine was started, as notes have them: the objects end with the boot. */
static json_int_t clock_now(void)
{
	struct timespec now;
	clock_gettime(CLOCK_BOOTTIME, &now);
	return now.tv_sec;
}

/* This boot and this network namespace: objects live no longer, and nowhere else. */
static int place_read(char *out, size_t size)
{
	autofile FILE *file = fopen("/proc/sys/kernel/random/boot_id", "re");
	char boot[64];
	struct stat net;

	if (!file || !fgets(boot, sizeof boot, file) || stat("/proc/thread-self/ns/net", &net) < 0)
		return errno ? -errno : -EIO;
	snprintf(out, size, "%.*s %ju", (int)strcspn(boot, "\n"), boot, (uintmax_t)net.st_ino);
	return 0;
}

/* What the notes say of the objects here: name and time. */
static json_t *notes_read(struct text notes, const char *place)
{
	autojson json_t *root = json_loadb(notes.s ? notes.s : "", notes.n, 0, NULL);
	const char *where = json_string_value(json_object_get(root, "place"));
	json_t *unused = json_object_get(root, "unused");
	bool is_here = where && strcmp(where, place) == 0 && json_is_object(unused);
	return is_here ? json_incref(unused) : json_object();
}

static bool ruleset_has(struct text ruleset, const char *name)
{
	char block[300];
	int n = snprintf(block, sizeof block, " %s {", name);
	return ruleset.n > 0 && memmem(ruleset.s, ruleset.n, block, (size_t)n) != NULL;
}

static uint32_t longest_of(const struct timeout_object *object)
{
	uint32_t longest = 0;
	for (int i = 0; i < TIMEOUT_STATES_MAX; i++)
		longest = object->seconds[i] > longest ? object->seconds[i] : longest;
	return longest;
}

int timeouts_note(struct arena *arena, const char *table, struct text ruleset, struct text notes,
		  struct text *out)
{
	struct timeout_objects there = { 0 };
	char place[128];
	int error = place_read(place, sizeof place);
	if (!error)
		error = timeout_objects_list(arena, table, &there);
	if (error)
		return error;

	autojson json_t *known = notes_read(notes, place);
	json_t *unused = json_object();
	for (uint32_t i = 0; i < there.n; i++) {
		const char *name = there.at[i].name;
		json_t *since = json_object_get(known, name);
		if (!ruleset_has(ruleset, name))
			json_object_set_new(unused, name,
					    json_is_integer(since) ? json_incref(since)
								   : json_integer(clock_now()));
	}
	autojson json_t *root = json_pack("{s:s, s:o}", "place", place, "unused", unused);
	autofree char *text = json_dumps(root, JSON_INDENT(2) | JSON_SORT_KEYS);
	if (!text)
		return -ENOMEM;
	*out = text_of(arena_printf(arena, "%s\n", text));
	return 0;
}

int timeouts_stale(struct arena *arena, const char *table, struct text ruleset, struct text notes,
		   const char *const **out)
{
	struct timeout_objects there = { 0 };
	VEC(const char *) stale = { 0 };
	char place[128];

	*out = NULL;
	int error = place_read(place, sizeof place);
	if (error)
		return error;
	autojson json_t *known = notes_read(notes, place);
	if (json_object_size(known) == 0)
		return 0;
	error = timeout_objects_list(arena, table, &there);
	if (error)
		return error;
	for (uint32_t i = 0; i < there.n; i++) {
		const json_t *since = json_object_get(known, there.at[i].name);
		if (json_is_integer(since) && !ruleset_has(ruleset, there.at[i].name) &&
		    clock_now() - json_integer_value(since) >= longest_of(&there.at[i]))
			*push(arena, &stale) = there.at[i].name;
	}
	if (stale.n == 0)
		return 0;
	*push(arena, &stale) = NULL;
	*out = stale.at;
	return 0;
}
