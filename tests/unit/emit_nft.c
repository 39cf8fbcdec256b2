#include "emit/emit.h"

#include <stdlib.h>

#include "check.h"
#include "element.h"

/* A small ruleset, and what became of it. */
struct fixture {
	struct ruleset ruleset;
	struct ir_chain *chain;
	struct line_map lines;
	char *text;
	size_t size;
};

static const struct span somewhere = { 7, 9 };

static void start(struct fixture *f)
{
	memset(f, 0, sizeof *f);
	f->ruleset.arena = arena_new();
	f->ruleset.table = "flywall";
	f->chain = chain_new(&f->ruleset, "some_chain", somewhere);
}

static struct ir_statement *add(struct fixture *f, enum ir_statement_kind kind)
{
	struct ir_rule *rule = rule_new(&f->ruleset, f->chain, somewhere);
	return statement_new(&f->ruleset, rule, kind);
}

static void emit(struct fixture *f)
{
	f->lines.arena = f->ruleset.arena;
	FILE *out = open_memstream(&f->text, &f->size);
	emit_nft(&f->ruleset, out, &f->lines);
	fclose(out);
}

static void finish(struct fixture *f)
{
	free(f->text);
	arena_free(f->ruleset.arena);
}

/* Whether the ruleset has that line. */
static void check_line(const struct fixture *f, const char *line)
{
	size_t n = strlen(line);
	for (const char *at = f->text; (at = strstr(at, line)) != NULL; at += n)
		if ((at == f->text || at[-1] == '\n' || at[-1] == '\t') && at[n] == '\n')
			return;
	fail_msg("no line \"%s\" in\n%s", line, f->text);
}

TEST(matches_are_spelled_as_nft_lists_them)
{
	struct fixture f;
	start(&f);

	struct ir_match *pair = &add(&f, IR_MATCH)->match;
	pair->terms[0].key = IR_IIFNAME;
	pair->terms[1].key = IR_TCP_DPORT;
	pair->terms_n = 2;
	struct ir_element *element =
		with_room(f.ruleset.arena, push(f.ruleset.arena, &pair->values));
	element->parts[0] = (struct ir_value){ .kind = IR_STRING, .text = "eth0" };
	element->parts[1] = (struct ir_value){ .kind = IR_RANGE, .low = 10, .high = 20 };

	struct ir_match *list = &add(&f, IR_MATCH)->match;
	list->terms[0].key = IR_UDP_DPORT;
	list->terms_n = 1;
	list->op = IR_NE;
	for (uint32_t port = 1; port < 3; port++)
		with_room(f.ruleset.arena, push(f.ruleset.arena, &list->values))->parts[0] =
			(struct ir_value){ .kind = IR_NUMBER, .number = port };

	struct ir_match *flags = &add(&f, IR_MATCH)->match;
	flags->terms[0].key = IR_CT_STATE;
	flags->terms_n = 1;
	flags->bits = true;
	with_room(f.ruleset.arena, push(f.ruleset.arena, &flags->values))->parts[0] =
		(struct ir_value){ .kind = IR_SYMBOL, .text = "invalid" };
	with_room(f.ruleset.arena, push(f.ruleset.arena, &flags->values))->parts[0] =
		(struct ir_value){ .kind = IR_SYMBOL, .text = "new" };

	struct ir_match *masked = &add(&f, IR_MATCH)->match;
	masked->terms[0] = (struct ir_term){ .key = IR_IP6_SADDR, .masked = true };
	masked->terms[0].address_mask.family = FAMILY_IPV6;
	masked->terms[0].address_mask.length = 56;
	masked->terms_n = 1;
	struct ir_value *prefix =
		&with_room(f.ruleset.arena, push(f.ruleset.arena, &masked->values))->parts[0];
	prefix->kind = IR_PREFIX;
	check_number(prefix_parse(TEXT("2001:db8::/32"), &prefix->prefix), PREFIX_OK);

	emit(&f);
	check_line(&f, "iifname . tcp dport { \"eth0\" . 10-20 }");
	check_line(&f, "udp dport != { 1, 2 }");
	check_line(&f, "ct state invalid,new");
	check_line(&f, "ip6 saddr & ffff:ffff:ffff:ff00:: == 2001:db8::/32");
	finish(&f);
}

TEST(statements_are_spelled_as_nft_lists_them)
{
	static const char *const events[] = { "new", "helper", NULL };
	static const char *const none[] = { NULL };
	struct fixture f;
	start(&f);

	add(&f, IR_REJECT)->reject = IR_REJECT_PORT;
	add(&f, IR_REJECT)->reject = IR_REJECT_RESET;
	add(&f, IR_SET_EVENT)->event.names = events;
	add(&f, IR_SET_EVENT)->event.names = none;
	add(&f, IR_SET_MARK)->mark = (struct ir_mark){ .keep = 0x00ffffff, .set = 0x02000000 };
	add(&f, IR_SET_MARK)->mark = (struct ir_mark){ .keep = 0xff00ffff };
	add(&f, IR_SET_ZONE)->zone.id = 7;
	add(&f, IR_LOG)->log = (struct ir_log){ .prefix = "said: ", .group = 3 };
	add(&f, IR_LIMIT)->limit.inlined = (struct ir_limit){ true, 10, 60, 20 };
	add(&f, IR_LIMIT)->limit.inlined = (struct ir_limit){ false, 10, 3600, 5 };
	struct ir_rule *last = &f.chain->rules.at[f.chain->rules.n - 1];
	last->comment = "why";

	emit(&f);
	check_line(&f, "reject");
	check_line(&f, "reject with tcp reset");
	check_line(&f, "ct event set \"new\",\"helper\"");
	check_line(&f, "ct event set 0x0");
	check_line(&f, "ct mark set ct mark & 0x02ffffff | 0x02000000");
	check_line(&f, "ct mark set ct mark & 0xff00ffff");
	check_line(&f, "ct original zone set 7");
	check_line(&f, "log prefix \"said: \" group 3");
	check_line(&f, "limit rate over 10/minute burst 20 packets");
	check_line(&f, "limit rate 10/hour comment \"why\"");
	finish(&f);
}

TEST(retired_chains_are_declared_and_deleted)
{
	struct fixture f;
	start(&f);
	struct ir_chain *old = chain_new(&f.ruleset, "raw_pre", NOWHERE);
	old->hook = IR_PREROUTING;
	old->priority = -300;
	old->retired = true;

	emit(&f);
	check_line(&f, "type filter hook prerouting priority raw; policy accept;");
	check_line(&f, "flush chain inet flywall raw_pre");
	check_line(&f, "delete chain inet flywall raw_pre");
	const char *content = strstr(f.text, "delete chain");
	check(strstr(content, "chain raw_pre {") == NULL);
	finish(&f);
}

TEST(each_line_knows_where_it_came_from)
{
	struct fixture f;
	start(&f);
	add(&f, IR_NOTRACK);
	emit(&f);

	uint32_t line = 0, found = 0;
	for (char *at = strtok(f.text, "\n"); at; at = strtok(NULL, "\n")) {
		if (strcmp(at, "\t\tnotrack") == 0)
			found = line;
		line++;
	}
	check_number(f.lines.lines.n, line);
	check_number(f.lines.lines.at[found].start, somewhere.start);
	check_number(f.lines.lines.at[0].end, 0);
	finish(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(matches_are_spelled_as_nft_lists_them),
		cmocka_unit_test(statements_are_spelled_as_nft_lists_them),
		cmocka_unit_test(retired_chains_are_declared_and_deleted),
		cmocka_unit_test(each_line_knows_where_it_came_from),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
