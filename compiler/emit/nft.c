#include "emit/emit.h"

#include "base/units.h"
#include "emit/ip.h"
#include "emit/nft.h"
#include "emit/words.h"

/* Output that knows its line, for the line map. */
struct writer {
	FILE *out;
	struct line_map *map;
};

/* Ends a line that came from `at`. */
static void end_line(struct writer *w, struct span at)
{
	fputc('\n', w->out);
	if (w->map)
		*push(w->map->arena, &w->map->lines) = at;
}

static void line(struct writer *w, const char *text)
{
	fputs(text, w->out);
	end_line(w, NOWHERE);
}

static void put_rule(struct writer *w, const struct ir_rule *rule)
{
	fputs("\t\t", w->out);
	for (uint32_t i = 0; i < rule->statements.n; i++) {
		fputs(i ? " " : "", w->out);
		nft_put_statement(w->out, &rule->statements.at[i]);
	}
	if (rule->comment)
		fprintf(w->out, " comment \"%s\"", rule->comment);
	end_line(w, rule->at);
}

/* nft's words, for the hooks of family inet that it has them for. */
static const char *priority_word(const struct ir_chain *chain)
{
	static const struct {
		int priority;
		const char *word;
		enum ir_hook hook; /* IR_HOOK_NONE: any */
	} rows[] = {
		{ -300, "raw", IR_HOOK_NONE },	   { -150, "mangle", IR_HOOK_NONE },
		{ -100, "dstnat", IR_PREROUTING }, { 0, "filter", IR_HOOK_NONE },
		{ 50, "security", IR_HOOK_NONE },  { 100, "srcnat", IR_POSTROUTING },
	};

	for (size_t i = 0; i < countof(rows); i++)
		if (rows[i].priority == chain->priority &&
		    (rows[i].hook == IR_HOOK_NONE || rows[i].hook == chain->hook))
			return rows[i].word;
	return NULL;
}

static void put_hook(struct writer *w, const struct ir_chain *chain)
{
	if (chain->hook == IR_HOOK_NONE)
		return;

	const char *word = priority_word(chain);
	fprintf(w->out, "\t\ttype %s hook %s priority ", word_chain_type(chain->type),
		word_hook(chain->hook));
	if (word)
		fputs(word, w->out);
	else
		fprintf(w->out, "%d", chain->priority);
	fprintf(w->out, "; policy %s;", chain->policy_drop ? "drop" : "accept");
	end_line(w, chain->at);
}

static void open_chain(struct writer *w, const struct ir_chain *chain)
{
	fprintf(w->out, "\tchain %s {", chain->name);
	end_line(w, chain->at);
	put_hook(w, chain);
}

static void put_chain(struct writer *w, const struct ir_chain *chain)
{
	open_chain(w, chain);
	for (uint32_t i = 0; i < chain->rules.n; i++)
		put_rule(w, &chain->rules.at[i]);
	line(w, "\t}");
}

static void put_timeout_policy(FILE *out, const struct ir_object *object)
{
	const char *comma = "";
	fprintf(out, "policy = { ");
	for (int i = 0; i < TIMEOUT_COUNT; i++) {
		const struct timeout_row *row = &timeout_rows[i];
		if (row->protocol != object->timeout.protocol)
			continue;
		fprintf(out, "%s%s : %u", comma, row->state, object->timeout.seconds[i]);
		comma = ", ";
	}
	fputs(" }", out);
}

static void put_object(struct writer *w, const struct ir_object *object)
{
	static const char *const words[] = { "ct helper", "ct timeout", "limit", "counter" };

	fprintf(w->out, "\t%s %s {", words[object->kind], object->name);
	end_line(w, object->at);
	switch (object->kind) {
	case IR_CT_HELPER_OBJECT:
		fprintf(w->out, "\t\ttype \"%s\" protocol %s", object->helper.type,
			object->helper.protocol);
		end_line(w, object->at);
		fprintf(w->out, "\t\tl3proto %s", object->helper.l3proto);
		end_line(w, object->at);
		break;
	case IR_CT_TIMEOUT_OBJECT:
		fprintf(w->out, "\t\tprotocol %s",
			timeout_protocol_rows[object->timeout.protocol].name);
		end_line(w, object->at);
		line(w, "\t\tl3proto inet");
		fputs("\t\t", w->out);
		put_timeout_policy(w->out, object);
		end_line(w, object->at);
		break;
	case IR_LIMIT_OBJECT:
		fputs("\t\t", w->out);
		nft_put_rate(w->out, &object->limit);
		end_line(w, object->at);
		break;
	case IR_COUNTER_OBJECT:
		break;
	}
	line(w, "\t}");
}

static void put_flags(struct writer *w, const struct ir_set *set)
{
	const struct {
		bool is_set;
		const char *word;
	} flags[] = {
		{ set->is_interval, "interval" },
		/* Rules cannot add networks; others may. */
		{ set->is_dynamic && !set->is_interval, "dynamic" },
		{ set->timeout > 0, "timeout" },
	};
	const char *comma = "\t\tflags ";
	for (size_t i = 0; i < countof(flags); i++) {
		if (!flags[i].is_set)
			continue;
		fprintf(w->out, "%s%s", comma, flags[i].word);
		comma = ",";
	}
	if (*comma == ',')
		end_line(w, set->at);
}

static void put_timeout(struct writer *w, const struct ir_set *set)
{
	char text[DURATION_TEXT_MAX];
	if (set->timeout == 0)
		return;
	duration_format(set->timeout, text);
	fprintf(w->out, "\t\ttimeout %s", text);
	end_line(w, set->at);
}

/* Not indented as nft does: in a large ruleset that would be a fifth of the text. */
static void put_elements(struct writer *w, const struct ir_set *set)
{
	uint32_t n = set->prefixes_n ? set->prefixes_n : set->elements.n;
	bool has_ranges = map_has_ranges(set);
	if (n == 0)
		return;
	fputs("\t\telements = { ", w->out);
	for (uint32_t i = 0; i < n; i++) {
		fputs(i ? "\t\t" : "", w->out);
		nft_put_element(w->out, set, i, has_ranges);
		fputs(i + 1 < n ? "," : " }", w->out);
		end_line(w, set->prefixes_n ? set->at : set->elements.at[i].at);
	}
}

static void open_set(struct writer *w, const struct ir_set *set)
{
	fprintf(w->out, "\t%s %s {", set->is_map ? "map" : "set", set->name);
	end_line(w, set->at);
	fputs("\t\t", w->out);
	nft_put_type(w->out, set);
	end_line(w, set->at);
	if (set->size) {
		fprintf(w->out, "\t\tsize %u", set->size);
		end_line(w, set->at);
	}
	put_flags(w, set);
	put_timeout(w, set);
	if (set->comment) {
		fprintf(w->out, "\t\tcomment \"%s\"", set->comment);
		end_line(w, set->at);
	}
}

static void put_set(struct writer *w, const struct ir_set *set)
{
	open_set(w, set);
	put_elements(w, set);
	line(w, "\t}");
}

static void put_flowtable(struct writer *w, const struct ir_flowtable *flowtable)
{
	fprintf(w->out, "\tflowtable %s {", flowtable->name);
	end_line(w, flowtable->at);
	fputs("\t\thook ingress priority ", w->out);
	if (flowtable->priority == 0)
		fputs("filter", w->out);
	else
		fprintf(w->out, "%d", flowtable->priority);
	end_line(w, flowtable->at);
	fputs("\t\tdevices = { ", w->out);
	for (uint32_t i = 0; i < flowtable->devices.n; i++)
		fprintf(w->out, "%s\"%s\"", i ? ", " : "", flowtable->devices.at[i]);
	fputs(" }", w->out);
	end_line(w, flowtable->at);
	if (flowtable->is_hardware)
		line(w, "\t\tflags offload");
	if (flowtable->has_counter)
		line(w, "\t\tcounter");
	line(w, "\t}");
}

static void put_settings(struct writer *w, const struct ruleset *ruleset)
{
	line(w,
	     "# Connection tracking and zones, compiled by flywall. It relies on these settings:");
	for (uint32_t i = 0; i < ruleset->settings.n; i++) {
		const struct ir_setting *setting = &ruleset->settings.at[i];
		fprintf(w->out, "# %s %s = %s",
			setting->kind == IR_SYSCTL ? "sysctl" : "module parameter", setting->key,
			setting->value);
		end_line(w, setting->at);
	}
	if (ruleset->settings.n == 0)
		line(w, "# (none)");
}

/* Which routes the marks of the ruleset choose from: no part of it, but of what it means. */
static void put_routes(struct writer *w, const struct ruleset *ruleset)
{
	for (uint32_t i = 0; i < ruleset->ip_rules.n; i++) {
		fputs("# ", w->out);
		ip_put_rule(w->out, &ruleset->ip_rules.at[i]);
		end_line(w, ruleset->ip_rules.at[i].at);
	}
	for (uint32_t i = 0; i < ruleset->ip_routes.n; i++) {
		fputs("# ", w->out);
		ip_put_route(w->out, &ruleset->ip_routes.at[i]);
		end_line(w, ruleset->ip_routes.at[i].at);
	}
}

/* Sets that keep their names are declared first, so that they can be emptied. */
static void declare_refilled(struct writer *w, const struct ruleset *ruleset)
{
	for (uint32_t i = 0; i < ruleset->sets.n; i++) {
		if (!ruleset->sets.at[i]->is_refilled)
			continue;
		open_set(w, ruleset->sets.at[i]);
		line(w, "\t}");
	}
}

static void empty_refilled(struct writer *w, const struct ruleset *ruleset)
{
	for (uint32_t i = 0; i < ruleset->sets.n; i++) {
		const struct ir_set *set = ruleset->sets.at[i];
		if (!set->is_refilled)
			continue;
		fprintf(w->out, "flush %s inet %s %s", set->is_map ? "map" : "set", ruleset->table,
			set->name);
		end_line(w, set->at);
	}
}

/* What nft has no words for. flywall-apply reads these lines and makes the objects first. */
static void put_foreign_objects(struct writer *w, const struct ruleset *ruleset)
{
	bool is_first = true;
	for (uint32_t i = 0; i < ruleset->objects.n; i++) {
		const struct ir_object *object = ruleset->objects.at[i];
		if (object_is_in_nft(object))
			continue;
		if (is_first)
			line(w,
			     "# Only flywall-apply can load it: nft cannot declare these objects.");
		is_first = false;
		fprintf(w->out, "# add ct timeout inet %s %s { protocol %s; l3proto inet; ",
			ruleset->table, object->name,
			timeout_protocol_rows[object->timeout.protocol].name);
		put_timeout_policy(w->out, object);
		fputs("; }", w->out);
		end_line(w, object->at);
	}
}

/* Declaring a chain that is there already changes nothing, and emptying it leaves its sets, maps
 * and objects alone: the same batch is right on an empty table and on a live one. */
static void put_skeleton(struct writer *w, const struct ruleset *ruleset)
{
	fprintf(w->out, "table inet %s {", ruleset->table);
	end_line(w, NOWHERE);
	for (uint32_t i = 0; i < ruleset->chains.n; i++) {
		open_chain(w, ruleset->chains.at[i]);
		line(w, "\t}");
	}
	declare_refilled(w, ruleset);
	line(w, "}");
	empty_refilled(w, ruleset);
	for (uint32_t i = 0; i < ruleset->chains.n; i++) {
		fprintf(w->out, "flush chain inet %s %s", ruleset->table,
			ruleset->chains.at[i]->name);
		end_line(w, ruleset->chains.at[i]->at);
	}
	for (uint32_t i = 0; i < ruleset->chains.n; i++) {
		if (!ruleset->chains.at[i]->retired)
			continue;
		fprintf(w->out, "delete chain inet %s %s", ruleset->table,
			ruleset->chains.at[i]->name);
		end_line(w, NOWHERE);
	}
}

/* Blank lines between things, as nft lists them. */
static void put_gap(struct writer *w, bool *is_first)
{
	if (!*is_first)
		line(w, "");
	*is_first = false;
}

static void put_content(struct writer *w, const struct ruleset *ruleset)
{
	bool is_first = true;
	fprintf(w->out, "table inet %s {", ruleset->table);
	end_line(w, NOWHERE);
	for (uint32_t i = 0; i < ruleset->objects.n; i++) {
		if (!object_is_in_nft(ruleset->objects.at[i]))
			continue;
		put_gap(w, &is_first);
		put_object(w, ruleset->objects.at[i]);
	}
	for (uint32_t i = 0; i < ruleset->sets.n; i++) {
		put_gap(w, &is_first);
		put_set(w, ruleset->sets.at[i]);
	}
	for (uint32_t i = 0; i < ruleset->flowtables.n; i++) {
		put_gap(w, &is_first);
		put_flowtable(w, ruleset->flowtables.at[i]);
	}
	for (uint32_t i = 0; i < ruleset->chains.n; i++) {
		if (ruleset->chains.at[i]->retired)
			continue;
		put_gap(w, &is_first);
		put_chain(w, ruleset->chains.at[i]);
	}
	line(w, "}");
}

void emit_nft(const struct ruleset *ruleset, FILE *out, struct line_map *map)
{
	struct writer w = { out, map };
	put_settings(&w, ruleset);
	put_routes(&w, ruleset);
	put_foreign_objects(&w, ruleset);
	put_skeleton(&w, ruleset);
	put_content(&w, ruleset);
}
