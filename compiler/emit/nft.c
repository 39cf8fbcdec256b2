#include "emit/emit.h"

#include "base/units.h"
#include "catalog/protocols.h"
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

static void put_prefix(FILE *out, const struct prefix *prefix)
{
	char text[PREFIX_TEXT_MAX];
	prefix_format(prefix, text);
	fputs(text, out);
}

static void put_symbol(FILE *out, enum ir_key key, const char *name)
{
	const char *word = key == IR_L4PROTO ? protocol_word(name) : name;
	if (word)
		fputs(word, out);
	else
		fprintf(out, "%d", protocol_number(name));
}

static void put_value(FILE *out, enum ir_key key, const struct ir_value *value)
{
	switch (value->kind) {
	case IR_NUMBER:
		fprintf(out, "%u", value->number);
		return;
	case IR_MARK:
		fprintf(out, "0x%08x", value->number);
		return;
	case IR_SYMBOL:
		put_symbol(out, key, value->text);
		return;
	case IR_MAC:
		fputs(value->text, out);
		return;
	case IR_STRING:
		fprintf(out, "\"%s\"", value->text);
		return;
	case IR_PREFIX:
		put_prefix(out, &value->prefix);
		return;
	case IR_RANGE:
		fprintf(out, "%u-%u", value->low, value->high);
		return;
	}
}

static void put_term(FILE *out, const struct ir_term *term)
{
	fputs(ir_key_rows[term->key].text, out);
	if (term->key == IR_NUMGEN_INC)
		fprintf(out, " mod %u", term->modulus);
	if (!term->masked)
		return;
	fputs(" & ", out);
	if (!term->address_mask.family) {
		fprintf(out, "0x%08x", term->mask);
		return;
	}
	struct prefix mask = mask_address(&term->address_mask);
	put_prefix(out, &mask);
}

void nft_put_terms(FILE *out, const struct ir_term *terms, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		fputs(i ? " . " : "", out);
		put_term(out, &terms[i]);
	}
}

void nft_put_target(FILE *out, const struct ir_target *target)
{
	fputs(word_verdict(target->verdict), out);
	if (target->chain)
		fprintf(out, " %s", target->chain->name);
}

/* A burst of 5 packets is the kernel's default, which nft leaves out. */
enum { BURST_DEFAULT = 5 };

void nft_put_rate(FILE *out, const struct ir_limit *limit)
{
	fprintf(out, "rate %s%u/%s", limit->over ? "over " : "", limit->count,
		word_time_unit(limit->seconds));
	if (limit->burst != BURST_DEFAULT)
		fprintf(out, " burst %u packets", limit->burst);
}

void nft_put_element(FILE *out, const struct ir_element *element, const struct ir_term *terms,
		     uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		fputs(i ? " . " : "", out);
		put_value(out, terms[i].key, &element->parts[i]);
	}
}

static void put_match(FILE *out, const struct ir_match *match)
{
	nft_put_terms(out, match->terms, match->terms_n);
	fputs(match->op == IR_NE ? " != " : " ", out);
	if (match->set) {
		fprintf(out, "@%s", match->set->name);
		return;
	}
	bool is_list = (match->values.n > 1 && !match->bits) || match->terms_n > 1;
	fputs(is_list ? "{ " : "", out);
	for (uint32_t i = 0; i < match->values.n; i++) {
		fputs(i == 0 ? "" : match->bits ? "," : ", ", out);
		nft_put_element(out, &match->values.at[i], match->terms, match->terms_n);
	}
	fputs(is_list ? " }" : "", out);
}

static void put_update(FILE *out, const struct ir_update *update)
{
	fprintf(out, "%s @%s { ", update->refresh ? "update" : "add", update->set->name);
	nft_put_terms(out, update->terms, update->terms_n);
	if (update->kind == IR_UPDATE_COUNT) {
		fprintf(out, " ct count over %u }", update->connections);
		return;
	}
	fputs(" limit ", out);
	nft_put_rate(out, &update->limit);
	fputs(" }", out);
}

/* nft lists the mask with the bits that are set afterwards. */
static void put_mark(FILE *out, const struct ir_mark *mark)
{
	fprintf(out, "ct mark set ct mark & 0x%08x", mark->keep | mark->set);
	if (mark->set)
		fprintf(out, " | 0x%08x", mark->set);
}

/* Quoted, as some of the names are reserved words. */
static void put_events(FILE *out, const char *const *names)
{
	fputs("ct event set ", out);
	if (!*names)
		fputs("0x0", out);
	for (const char *comma = ""; *names; names++, comma = ",")
		fprintf(out, "%s\"%s\"", comma, *names);
}

void nft_put_statement(FILE *out, const struct ir_statement *statement)
{
	switch (statement->kind) {
	case IR_MATCH:
		put_match(out, &statement->match);
		return;
	case IR_VMAP:
		nft_put_terms(out, statement->vmap.terms, statement->vmap.terms_n);
		fprintf(out, " vmap @%s", statement->vmap.map->name);
		return;
	case IR_VERDICT:
		nft_put_target(out, &statement->target);
		return;
	case IR_REJECT:
		fputs(statement->reject == IR_REJECT_RESET ? "reject with tcp reset" : "reject",
		      out);
		return;
	case IR_NOTRACK:
		fputs("notrack", out);
		return;
	case IR_COUNT:
		fprintf(out, "counter name \"%s\"", statement->object->name);
		return;
	case IR_LIMIT:
		fputs("limit ", out);
		if (statement->limit.object)
			fprintf(out, "name \"%s\"", statement->limit.object->name);
		else
			nft_put_rate(out, &statement->limit.inlined);
		return;
	case IR_LOG:
		fprintf(out, "log prefix \"%s\" group %u", statement->log.prefix,
			statement->log.group);
		return;
	case IR_SET_MARK:
		put_mark(out, &statement->mark);
		return;
	case IR_SET_TIMEOUT:
		fprintf(out, "ct timeout set \"%s\"", statement->object->name);
		return;
	case IR_SET_HELPER:
		fprintf(out, "ct helper set \"%s\"", statement->object->name);
		return;
	case IR_SET_EVENT:
		put_events(out, statement->event.names);
		return;
	case IR_SET_ZONE:
		fprintf(out, "ct original zone set %u", statement->zone.id);
		return;
	case IR_UPDATE:
		put_update(out, &statement->update);
		return;
	}
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
	fprintf(out, "\t\tpolicy = { ");
	for (int i = 0; i < TIMEOUT_COUNT; i++) {
		const struct timeout_row *row = &timeout_rows[i];
		if (row->protocol != object->timeout.protocol || !row->state)
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
		fprintf(w->out, "\t\tprotocol %s", word_timeout_protocol(object->timeout.protocol));
		end_line(w, object->at);
		line(w, "\t\tl3proto inet");
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

static void put_type(struct writer *w, const struct ir_set *set)
{
	if (set->is_typeof) {
		fputs("\t\ttypeof ", w->out);
		nft_put_terms(w->out, set->terms, set->terms_n);
	} else {
		fputs("\t\ttype ", w->out);
		for (uint32_t i = 0; i < set->terms_n; i++)
			fprintf(w->out, "%s%s", i ? " . " : "",
				ir_key_rows[set->terms[i].key].type);
	}
	fputs(set->is_map ? " : verdict" : "", w->out);
	end_line(w, set->at);
}

static void put_flags(struct writer *w, const struct ir_set *set)
{
	const struct {
		bool is_set;
		const char *word;
	} flags[] = {
		{ set->is_interval, "interval" },
		{ set->is_dynamic, "dynamic" },
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

static void put_elements(struct writer *w, const struct ir_set *set)
{
	uint32_t n = set->prefixes_n ? set->prefixes_n : set->elements.n;
	if (n == 0)
		return;
	fputs("\t\telements = { ", w->out);
	for (uint32_t i = 0; i < n; i++) {
		struct span at = set->at;
		fputs(i ? "\t\t\t     " : "", w->out);
		if (set->prefixes_n) {
			put_prefix(w->out, &set->prefixes[i]);
		} else {
			at = set->elements.at[i].at;
			nft_put_element(w->out, &set->elements.at[i], set->terms, set->terms_n);
			if (set->is_map) {
				fputs(" : ", w->out);
				nft_put_target(w->out, &set->elements.at[i].target);
			}
		}
		fputs(i + 1 < n ? "," : " }", w->out);
		end_line(w, at);
	}
}

static void put_set(struct writer *w, const struct ir_set *set)
{
	fprintf(w->out, "\t%s %s {", set->is_map ? "map" : "set", set->name);
	end_line(w, set->at);
	put_type(w, set);
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
	put_elements(w, set);
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
	line(w, "}");
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
		put_gap(w, &is_first);
		put_object(w, ruleset->objects.at[i]);
	}
	for (uint32_t i = 0; i < ruleset->sets.n; i++) {
		put_gap(w, &is_first);
		put_set(w, ruleset->sets.at[i]);
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
	put_skeleton(&w, ruleset);
	put_content(&w, ruleset);
}
