#include "runtime/change/gate.h"

#define GATE_IN	  "renumbering/in"
#define GATE_POST "renumbering/post"
#define GATE_TIME "renumbering/time"

const struct view_thing gate_things[GATE_THINGS] = {
	{ .kind = MODEL_CHAIN, .name = { GATE_IN, sizeof GATE_IN - 1 }, .is_base = true },
	{ .kind = MODEL_CHAIN, .name = { GATE_POST, sizeof GATE_POST - 1 }, .is_base = true },
	{ .kind = MODEL_SET, .name = { GATE_TIME, sizeof GATE_TIME - 1 }, .is_dynamic = true },
};

static const char rule[] =
	"\t\tct state new ct mark & 0xffff0000 != 0 meta nfproto @" GATE_TIME " drop\n\t}\n";

/* The bits of the mark are those of both zones' numbers. */
void gate_write(struct draft *draft)
{
	fprintf(draft->out,
		"table inet %s {\n"
		"\tset " GATE_TIME " {\n"
		"\t\ttypeof meta nfproto\n"
		"\t\tflags timeout\n"
		"\t\telements = { ipv4 timeout 2s, ipv6 timeout 2s }\n"
		"\t}\n"
		"\tchain " GATE_IN " {\n"
		"\t\ttype filter hook input priority 101; policy accept;\n%s"
		"\tchain " GATE_POST " {\n"
		"\t\ttype filter hook postrouting priority 101; policy accept;\n%s"
		"}\n",
		draft->table, rule, rule);
}

bool gate_has(const struct view_thing *thing)
{
	for (size_t i = 0; i < GATE_THINGS; i++)
		if (gate_things[i].kind == thing->kind &&
		    text_equal(gate_things[i].name, thing->name))
			return true;
	return false;
}

void gate_print_removal(const char *table, FILE *out)
{
	fprintf(out,
		"flush chain inet %s " GATE_IN "\nflush chain inet %s " GATE_POST
		"\ndelete set inet %s " GATE_TIME "\ndelete chain inet %s " GATE_IN
		"\ndelete chain inet %s " GATE_POST "\n",
		table, table, table, table, table);
}
