/* Every form that the emitters can write, put into a kernel: nft must list what was written. */
#include "emit/emit.h"

#include <sched.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "element.h"
#include "ir/content.h"

struct fixture {
	struct ruleset ruleset;
	struct ir_chain *plain, *pre, *post, *in;
};

static struct ir_chain *base(struct fixture *f, const char *name, enum ir_chain_type type,
			     enum ir_hook hook, int priority)
{
	struct ir_chain *chain = chain_new(&f->ruleset, name, NOWHERE);
	chain->type = type;
	chain->hook = hook;
	chain->priority = priority;
	return chain;
}

static void start(struct fixture *f)
{
	memset(f, 0, sizeof *f);
	f->ruleset.arena = arena_new();
	f->ruleset.table = "flywall";
	f->plain = chain_new(&f->ruleset, "c_plain", NOWHERE);
	f->pre = base(f, "nat_pre", IR_NAT, IR_PREROUTING, -100);
	f->post = base(f, "nat_post", IR_NAT, IR_POSTROUTING, 100);
	f->in = base(f, "fw_in", IR_FILTER, IR_INPUT, 0);
	base(f, "flow_out", IR_ROUTE, IR_OUTPUT, -150);
}

static struct prefix prefix(const char *text)
{
	struct prefix prefix = { 0 };
	assert_int_equal(prefix_parse(text_of(text), &prefix), PREFIX_OK);
	return prefix;
}

static const struct prefix *address(struct fixture *f, const char *text)
{
	struct prefix *kept = arena_alloc(f->ruleset.arena, sizeof *kept);
	*kept = prefix(text);
	return kept;
}

static struct ir_value net(const char *text)
{
	return (struct ir_value){ .kind = IR_PREFIX, .prefix = prefix(text) };
}

static struct ir_value of_kind(enum ir_value_kind kind, uint32_t number)
{
	return (struct ir_value){ .kind = kind, .number = number };
}

static struct ir_value port(uint32_t number)
{
	return of_kind(IR_NUMBER, number);
}

static struct ir_value mark(uint32_t number)
{
	return of_kind(IR_MARK, number);
}

static struct ir_value ports(uint32_t low, uint32_t high)
{
	return (struct ir_value){ .kind = IR_RANGE, .low = low, .high = high };
}

static struct ir_value hours(uint32_t low, uint32_t high)
{
	return (struct ir_value){ .kind = IR_HOURS, .low = low, .high = high };
}

static struct ir_value word(const char *text)
{
	return (struct ir_value){ .kind = IR_SYMBOL, .text = text };
}

static struct ir_value quoted(const char *text)
{
	return (struct ir_value){ .kind = IR_STRING, .text = text };
}

static struct ir_value span(struct fixture *f, const char *first, const char *last)
{
	return (struct ir_value){ .kind = IR_ADDRESS_RANGE,
				  .first = address(f, first),
				  .last = address(f, last) };
}

static struct ir_statement *add(struct fixture *f, struct ir_chain *chain,
				enum ir_statement_kind kind)
{
	return statement_new(&f->ruleset, rule_new(&f->ruleset, chain, NOWHERE), kind);
}

/* Another statement of the chain's last rule. */
static struct ir_statement *more(struct fixture *f, struct ir_chain *chain,
				 enum ir_statement_kind kind)
{
	return statement_new(&f->ruleset, &chain->rules.at[chain->rules.n - 1], kind);
}

static struct ir_match *match(struct fixture *f, enum ir_key key, enum ir_op op,
			      struct ir_value value)
{
	struct ir_match *match = &add(f, f->plain, IR_MATCH)->match;
	match->terms[0].key = key;
	match->terms_n = 1;
	match->op = op;
	with_room(f->ruleset.arena, push(f->ruleset.arena, &match->values))->parts[0] = value;
	return match;
}

static void match_masked(struct fixture *f, enum ir_key key, uint32_t mask, enum ir_op op,
			 struct ir_value value)
{
	struct ir_term *term = match(f, key, op, value)->terms;
	term->masked = true;
	term->mask = mask;
}

/* A new rule that matches a protocol, for statements that need one. */
static void tcp(struct fixture *f, struct ir_chain *chain)
{
	struct ir_match *match = &add(f, chain, IR_MATCH)->match;
	match->terms[0].key = IR_L4PROTO;
	match->terms_n = 1;
	with_room(f->ruleset.arena, push(f->ruleset.arena, &match->values))->parts[0] = word("tcp");
}

static struct ir_set *set(struct fixture *f, const char *name, const enum ir_key *keys, uint32_t n)
{
	struct ir_set *set = set_new(&f->ruleset, name, NOWHERE);
	for (uint32_t i = 0; i < n; i++)
		set->terms[i].key = keys[i];
	set->terms_n = n;
	return set;
}

static struct ir_element *element(struct fixture *f, struct ir_set *set,
				  const struct ir_value *values)
{
	struct ir_element *element =
		with_room(f->ruleset.arena, push(f->ruleset.arena, &set->elements));
	memcpy(element->parts, values, set->terms_n * sizeof *values);
	return element;
}

#define KEYS(...)                                                                                  \
	(const enum ir_key[]){ __VA_ARGS__ },                                                      \
		sizeof((const enum ir_key[]){ __VA_ARGS__ }) / sizeof(enum ir_key)
#define VALUES(...) ((const struct ir_value[]){ __VA_ARGS__ })

static void add_matches(struct fixture *f)
{
	enum { FIN = 1, SYN = 2, RST = 4, ACK = 16 };
	match_masked(f, IR_TCP_FLAGS, FIN | SYN | RST | ACK, IR_EQ, of_kind(IR_FLAGS, SYN));
	match_masked(f, IR_TCP_FLAGS, FIN | SYN, IR_NE, of_kind(IR_FLAGS, FIN | SYN));
	match_masked(f, IR_TCP_FLAGS, FIN | SYN, IR_EQ, of_kind(IR_FLAGS, 0));
	match_masked(f, IR_TCP_FLAGS, FIN | SYN, IR_NE, of_kind(IR_FLAGS, 0));
	match(f, IR_TCP_FLAGS, IR_EQ, of_kind(IR_FLAGS, SYN));
	match(f, IR_TCP_FLAGS, IR_NE, of_kind(IR_FLAGS, SYN | ACK));
	match(f, IR_META_HOUR, IR_EQ, hours(8 * 3600, 20 * 3600));
	match(f, IR_META_HOUR, IR_NE, hours(22 * 3600, 86399));
	match(f, IR_META_DAY, IR_EQ, quoted("Monday"));
	match(f, IR_IP_SADDR, IR_EQ, span(f, "10.0.0.1", "10.0.0.9"));
	match(f, IR_IP6_DADDR, IR_NE, span(f, "2001:db8::1", "2001:db8::9"));
	match(f, IR_IP_DSCP, IR_EQ, port(46));
	match(f, IR_IP6_DSCP, IR_NE, port(3));
	match(f, IR_TH_DPORT, IR_EQ, ports(80, 90));
	match(f, IR_TH_SPORT, IR_NE, port(53));
	match(f, IR_FIB_SADDR_TYPE, IR_EQ, word("local"));
	match(f, IR_FIB_SADDR_IIF_OIF, IR_EQ, word("missing"));
	match(f, IR_CT_DIRECTION, IR_EQ, word("reply"));
	match_masked(f, IR_CT_MARK, 0xff000000, IR_EQ, mark(0x01000000));
	match_masked(f, IR_CT_MARK, 0x0000f000, IR_NE, mark(0x00001000));
	match_masked(f, IR_META_MARK, 0x0000f000, IR_EQ, mark(0));
	struct ir_term *term = match(f, IR_NUMGEN_INC, IR_EQ, port(0))->terms;
	term->modulus = 3;
	term = match(f, IR_JHASH_IP6_SADDR, IR_EQ, port(1))->terms;
	term->modulus = 4;
}

static void add_concatenations(struct fixture *f)
{
	static const char *const names[] = { "eth0", "a", "br-lan", "eth1", "wan" };
	struct ir_set *pairs = set(
		f, "s_pairs", KEYS(IR_IIFNAME, IR_OIFNAME, IR_IP_SADDR, IR_TH_DPORT, IR_CT_MARK));
	for (uint32_t i = 0; i < 200; i++)
		element(f, pairs,
			VALUES(quoted(names[i % 5]), quoted(names[i / 7 % 5]),
			       net(i % 2 ? "10.0.200.9" : "10.1.0.3"), port(i * 37 % 1000),
			       mark(i * 77 % 13 * 65599)));
	pairs->size = 200;
	set_sort(pairs);
	struct ir_match *match = &add(f, f->plain, IR_MATCH)->match;
	memcpy(match->terms, pairs->terms, sizeof match->terms);
	match->terms_n = 5;
	match->set = pairs;

	struct ir_set *rules = set(f, "m_rules", KEYS(IR_CT_MARK, IR_L4PROTO, IR_TH_DPORT));
	rules->is_map = rules->is_interval = true;
	element(f, rules, VALUES(mark(0x01020000), word("tcp"), ports(10, 20)));
	element(f, rules, VALUES(mark(0x01020000), word("udp"), port(53)))->target.verdict =
		IR_DROP;
	element(f, rules, VALUES(mark(0x01010000), word("tcp"), port(22)))->target =
		(struct ir_target){ IR_GOTO, chain_new(&f->ruleset, "c_empty", NOWHERE) };
	set_sort(rules);
	struct ir_vmap *vmap = &add(f, f->in, IR_VMAP)->vmap;
	memcpy(vmap->terms, rules->terms, sizeof vmap->terms);
	vmap->terms[0].masked = true;
	vmap->terms[0].mask = 0xffff0000;
	vmap->terms_n = 3;
	vmap->map = rules;
}

static void add_times(struct fixture *f)
{
	struct ir_set *times = set(f, "s_times", KEYS(IR_META_HOUR));
	times->is_interval = true;
	element(f, times, VALUES(hours(79200, 86399)));
	element(f, times, VALUES(hours(0, 3661)));
	set_sort(times);
	struct ir_match *match = &add(f, f->plain, IR_MATCH)->match;
	match->terms[0].key = IR_META_HOUR;
	match->terms_n = 1;
	match->set = times;

	struct ir_set *days = set(f, "s_days", KEYS(IR_META_DAY));
	element(f, days, VALUES(quoted("Saturday")));
	element(f, days, VALUES(quoted("Sunday")));
	element(f, days, VALUES(quoted("Friday")));
	set_sort(days);
	match = &add(f, f->plain, IR_MATCH)->match;
	match->terms[0].key = IR_META_DAY;
	match->terms_n = 1;
	match->set = days;
}

static void add_marks(struct fixture *f)
{
	static const uint32_t keeps[] = { 0, 0xffff0000, 0xffff0000, 0xffffff00, UINT32_MAX };
	static const uint32_t sets[] = { 5, 0, 5, 0xff, 0x1000 };
	for (size_t i = 0; i < countof(keeps); i++) {
		struct ir_mark mark = { keeps[i], sets[i] };
		add(f, f->plain, IR_SET_MARK)->mark = mark;
		add(f, f->plain, IR_SET_PACKET_MARK)->mark = mark;
	}
	add(f, f->plain, IR_COPY_MARK)->copy =
		(struct ir_copy_mark){ IR_CONNECTION_TO_PACKET, UINT32_MAX };
	add(f, f->plain, IR_COPY_MARK)->copy =
		(struct ir_copy_mark){ IR_PACKET_TO_CONNECTION, 0xffff };

	struct ir_set *pairs = set(f, "m_marks", KEYS(IR_IIFNAME, IR_OIFNAME));
	pairs->is_map = true;
	pairs->data[0] = IR_CT_MARK;
	pairs->data_n = 1;
	element(f, pairs, VALUES(quoted("eth0"), quoted("eth1")))->data[0] = mark(0x01020000);
	struct ir_statement *s = add(f, f->plain, IR_MAP_MARK);
	memcpy(s->map_mark.terms, pairs->terms, sizeof pairs->terms);
	s->map_mark.terms_n = 2;
	s->map_mark.map = pairs;

	struct ir_set *shares = set(f, "m_shares", KEYS(IR_JHASH_IP_SADDR));
	shares->terms[0].modulus = 10;
	shares->is_map = shares->is_interval = true;
	shares->data[0] = IR_CT_MARK;
	shares->data_n = 1;
	element(f, shares, VALUES(ports(0, 6)))->data[0] = mark(0x1000);
	element(f, shares, VALUES(ports(7, 9)))->data[0] = mark(0x2000);
	s = add(f, f->plain, IR_MAP_MARK);
	s->map_mark.terms[0] = shares->terms[0];
	s->map_mark.terms_n = 1;
	s->map_mark.map = shares;
}

static struct ir_translate *translate(struct fixture *f, enum ir_translation kind, uint8_t family,
				      bool has_ports)
{
	struct ir_chain *chain = kind == IR_DNAT || kind == IR_REDIRECT ? f->pre : f->post;
	if (has_ports)
		tcp(f, chain);
	struct ir_statement *s =
		has_ports ? more(f, chain, IR_TRANSLATE) : add(f, chain, IR_TRANSLATE);
	s->translate.kind = kind;
	s->translate.family = family;
	return &s->translate;
}

static void to_addresses(struct ir_translate *to, const char *low, const char *high)
{
	to->low = prefix(low);
	to->high = prefix(high);
}

static void to_ports(struct ir_translate *to, uint16_t low, uint16_t high)
{
	to->port_low = low;
	to->port_high = high;
}

static void to_map(struct ir_translate *to, struct ir_set *map)
{
	to->map = map;
	memcpy(to->terms, map->terms, sizeof to->terms);
	to->terms_n = map->terms_n;
}

static void add_translations(struct fixture *f)
{
	translate(f, IR_MASQUERADE, 0, false);
	struct ir_translate *to = translate(f, IR_MASQUERADE, 0, true);
	to_ports(to, 1024, 65535);
	to->random = to->persistent = true;
	translate(f, IR_MASQUERADE, 0, false)->fully_random = true;
	to = translate(f, IR_SNAT, FAMILY_IPV4, true);
	to_addresses(to, "10.0.0.1", "10.0.0.9");
	to_ports(to, 1000, 2000);
	to_addresses(translate(f, IR_SNAT, FAMILY_IPV6, false), "2001:db8::1", "2001:db8::1");
	to = translate(f, IR_DNAT, FAMILY_IPV4, true);
	to_addresses(to, "10.0.0.1", "10.0.0.1");
	to_ports(to, 80, 80);
	to->random = true;
	to = translate(f, IR_DNAT, FAMILY_IPV6, true);
	to_addresses(to, "2001:db8::1", "2001:db8::9");
	to_ports(to, 80, 90);
	translate(f, IR_REDIRECT, 0, false);
	to_ports(translate(f, IR_REDIRECT, 0, true), 8080, 8080);
}

static void add_nat_maps(struct fixture *f)
{
	struct ir_set *turns = set(f, "m_turns", KEYS(IR_NUMGEN_INC));
	turns->terms[0].modulus = 2;
	turns->is_map = true;
	turns->data[0] = IR_IP_DADDR;
	turns->data[1] = IR_TCP_DPORT;
	turns->data_n = 2;
	for (uint32_t i = 0; i < 2; i++) {
		struct ir_element *e = element(f, turns, VALUES(port(i)));
		e->data[0] = net(i ? "10.0.0.1" : "10.0.0.2");
		e->data[1] = port(8080 + i);
	}
	to_map(translate(f, IR_DNAT, FAMILY_IPV4, true), turns);

	struct ir_set *named = set(f, "m_named", KEYS(IR_IP_DADDR, IR_TCP_DPORT));
	named->is_map = true;
	named->data[0] = IR_IP_DADDR;
	named->data[1] = IR_TCP_DPORT;
	named->data_n = 2;
	struct ir_element *e = element(f, named, VALUES(net("203.0.113.1"), port(443)));
	e->data[0] = net("10.0.0.1");
	e->data[1] = port(8443);
	to_map(translate(f, IR_DNAT, FAMILY_IPV4, false), named);

	struct ir_set *hosts = set(f, "m_hosts", KEYS(IR_IP_DADDR));
	hosts->is_map = true;
	hosts->data[0] = IR_IP_DADDR;
	hosts->data_n = 1;
	element(f, hosts, VALUES(net("203.0.113.2")))->data[0] = net("10.0.0.2");
	to_map(translate(f, IR_DNAT, FAMILY_IPV4, false), hosts);
}

/* Hosts among ranges. */
static void add_range_maps(struct fixture *f)
{
	struct ir_set *map = set(f, "m_ranges", KEYS(IR_IP_DADDR));
	map->is_map = true;
	map->data[0] = IR_IP_DADDR;
	map->data_n = 1;
	element(f, map, VALUES(net("203.0.113.1")))->data[0] = net("10.0.0.1");
	element(f, map, VALUES(net("203.0.113.2")))->data[0] = span(f, "10.0.0.4", "10.0.0.9");
	to_map(translate(f, IR_DNAT, FAMILY_IPV4, false), map);
}

static void add_network_map(struct fixture *f)
{
	struct ir_set *networks = set(f, "m_networks", KEYS(IR_IP6_SADDR));
	networks->is_map = networks->is_interval = true;
	networks->data[0] = IR_IP6_SADDR;
	networks->data_n = 1;
	element(f, networks, VALUES(net("fd00:1::/64")))->data[0] = net("2001:db8:1::/64");
	element(f, networks, VALUES(net("fd00:2::/64")))->data[0] = net("2001:db8:2::/64");
	struct ir_translate *to = translate(f, IR_SNAT, FAMILY_IPV6, false);
	to_map(to, networks);
	to->is_prefix = true;
}

static void add_others(struct fixture *f)
{
	add(f, f->in, IR_SYNPROXY)->synproxy = (struct ir_synproxy){ 1460, 7, true, true };
	add(f, f->in, IR_SYNPROXY)->synproxy = (struct ir_synproxy){ .timestamp = true };
	tcp(f, f->plain);
	more(f, f->plain, IR_SET_MSS);
	tcp(f, f->plain);
	more(f, f->plain, IR_SET_MSS)->mss = 1400;
	add(f, f->plain, IR_REJECT)->reject = IR_REJECT_PROHIBITED;

	struct ir_set *seen = set(f, "s_seen", KEYS(IR_IP_SADDR));
	seen->is_dynamic = true;
	seen->size = 1000;
	seen->timeout = 60;
	for (int refresh = 0; refresh < 2; refresh++) {
		struct ir_update *update = &add(f, f->plain, IR_UPDATE)->update;
		update->set = seen;
		update->refresh = refresh;
		update->terms[0].key = IR_IP_SADDR;
		update->terms_n = 1;
		update->kind = IR_UPDATE_ALONE;
	}
}

static void add_all(struct fixture *f)
{
	add_matches(f);
	add_concatenations(f);
	add_times(f);
	add_marks(f);
	add_translations(f);
	add_nat_maps(f);
	add_range_maps(f);
	add_others(f);
}

/* What a command prints that reads `input`, in a network namespace of its own and without
 * /etc/localtime's zone: nft turns hours into the machine's. */
static char *pipe_through(const char *command, const char *input, size_t size)
{
	char path[] = "/tmp/flywall-emit-XXXXXX", line[256], *output = NULL;
	int fd = mkstemp(path);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, input, size), size);
	close(fd);
	snprintf(line, sizeof line, command, path);
	FILE *pipe = popen(line, "r");
	FILE *out = open_memstream(&output, &size);
	for (int c; (c = fgetc(pipe)) != EOF;)
		fputc(c, out);
	fclose(out);
	int status = pclose(pipe);
	unlink(path);
	if (status != 0)
		fail_msg("status %d: %s\n%s\n%s", status, line, output, input);
	return output;
}

static const char load_text[] =
	"TZ=UTC unshare -rn sh -ec 'nft -f %1$s; nft -f %1$s; nft -s list ruleset' 2>&1";
static const char load_json[] =
	"TZ=UTC unshare -rn sh -ec 'nft -j -f %s; nft -s list ruleset' 2>&1";

/* The part behind the skeleton, element lists and all. */
static const char *last_table(const char *text)
{
	const char *last = text;
	for (const char *at = text; (at = strstr(at, "\ntable inet flywall {")) != NULL; at++)
		last = at + 1;
	return last;
}

/* Words of both texts in turn: nft breaks lines of elements where it likes. */
static void check_words(char *got, char *want)
{
	char *a, *b, *x = strtok_r(got, " \t\n", &a), *y = strtok_r(want, " \t\n", &b);
	for (; x && y; x = strtok_r(NULL, " \t\n", &a), y = strtok_r(NULL, " \t\n", &b))
		if (strcmp(x, y) != 0)
			fail_msg("listed \"%s %.60s\", written \"%s %.60s\"", x, a, y, b);
	assert_true(!x && !y);
}

static void need_nft(void)
{
	if (system("unshare -rn nft list ruleset >/dev/null 2>&1") != 0)
		skip();
}

TEST(the_kernel_lists_what_was_written)
{
	struct fixture f;
	char *text = NULL;
	size_t size;

	need_nft();
	start(&f);
	add_all(&f);
	add_network_map(&f);
	const char *mistake = ruleset_verify(&f.ruleset);
	if (mistake)
		fail_msg("%s", mistake);
	FILE *out = open_memstream(&text, &size);
	emit_nft(&f.ruleset, out, NULL);
	fclose(out);
	char *listed = pipe_through(load_text, text, size);
	check_words(listed, (char *)last_table(text));
	free(listed);
	free(text);
	arena_free(f.ruleset.arena);
}

/* Networks of NAT are what nft 1.0.6 cannot read from JSON. */
TEST(json_loads_as_well)
{
	struct fixture f;
	char *text = NULL;
	size_t size;

	need_nft();
	start(&f);
	add_all(&f);
	FILE *out = open_memstream(&text, &size);
	emit_json(&f.ruleset, out);
	fclose(out);
	char *listed = pipe_through(load_json, text, size);
	assert_non_null(strstr(listed, "tcp flags syn / fin,syn,rst,ack\n"));
	assert_non_null(strstr(listed, "meta hour \"08:00\"-\"20:00\"\n"));
	assert_non_null(strstr(listed, "fib saddr . iif oif missing\n"));
	assert_non_null(strstr(listed, "ct mark set iifname . oifname map @m_marks\n"));
	assert_non_null(strstr(listed, "masquerade to :1024-65535 random,persistent\n"));
	assert_non_null(strstr(listed, "dnat ip to ip daddr . tcp dport map { 203.0.113.1 . 443 : "
				       "10.0.0.1 . 8443 }\n"));
	assert_non_null(strstr(listed, "synproxy mss 1460 wscale 7 timestamp sack-perm\n"));
	assert_non_null(strstr(listed, "maxseg size set rt mtu\n"));
	assert_non_null(strstr(listed, "update @s_seen { ip saddr }\n"));
	free(listed);
	free(text);
	arena_free(f.ruleset.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_kernel_lists_what_was_written),
		cmocka_unit_test(json_loads_as_well),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
