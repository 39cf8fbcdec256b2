/* Sets that rules name: addresses stay sets, what other sets hold joins the rule's own lists. */
#include "base/diag.h"
#include "config/condition_parts.h"
#include "config/resolve.h"

/* One side of the conditions. */
struct side {
	const struct field_texts *sets; /* as they are written */
	const struct field_bool *inverted;
	struct field_texts *addresses; /* where the names of sets of addresses go */
	struct field_ports *ports;
	struct field_texts *macs; /* NULL: packets have none that could be looked at */
	struct field_texts *interfaces;
};

static void refuse(struct resolving *r, const struct ipset *set, struct span at, const char *why)
{
	struct diag *d = diag_error(r->scope->diags, D_SET_KIND, at);
	diag_say(d, "the set \"%s\" %s", set->name, why);
	diag_note(d, set->at, "it is declared here");
}

/* Lists of the rule are the block's own until something is added. */
static void take_ports(struct resolving *r, struct field_ports *out, const struct ipset *set,
		       struct span at)
{
	struct field_ports all = { .at = first_place(out->at, at) };
	reserve(r->scope->arena, &all.items, out->items.n + set->ports.n);
	for (uint32_t i = 0; i < out->items.n; i++)
		*push(r->scope->arena, &all.items) = out->items.at[i];
	for (uint32_t i = 0; i < set->ports.n; i++) {
		struct field_port port = set->ports.at[i];
		port.at = at;
		*push(r->scope->arena, &all.items) = port;
	}
	*out = all;
}

static void take_words(struct resolving *r, struct field_texts *out, const struct ipset *set,
		       struct span at)
{
	struct field_texts all = { .at = first_place(out->at, at) };
	reserve(r->scope->arena, &all.items, out->items.n + set->words.n);
	for (uint32_t i = 0; i < out->items.n; i++)
		*push(r->scope->arena, &all.items) = out->items.at[i];
	for (uint32_t i = 0; i < set->words.n; i++)
		*push(r->scope->arena, &all.items) = (struct field_text){ set->words.at[i], at };
	*out = all;
}

static void take_content(struct resolving *r, const struct side *side, const struct ipset *set,
			 struct span at)
{
	if (set->is_dynamic)
		refuse(r, set, at,
		       "is filled at run time, and rules look up addresses alone there");
	else if (side->inverted->value)
		refuse(r, set, at, "does not hold addresses, and only these can be inverted");
	else if (set->kind == SET_PORTS)
		take_ports(r, side->ports, set, at);
	else if (set->kind == SET_INTERFACES)
		take_words(r, side->interfaces, set, at);
	else if (side->macs)
		take_words(r, side->macs, set, at);
	else
		refuse(r, set, at, "holds MAC addresses, which only sources have here");
}

static void take_sets(struct resolving *r, const struct side *side)
{
	*side->addresses = (struct field_texts){ 0 };
	for (uint32_t i = 0; i < side->sets->items.n; i++) {
		const struct field_text *name = &side->sets->items.at[i];
		const struct ipset *set = config_set(r->config, name->value);
		if (!set) {
			set_report_unknown(r->scope, r->config, name);
		} else if (set->kind != SET_ADDRESSES) {
			take_content(r, side, set, name->at);
		} else {
			side->addresses->at = side->sets->at;
			*push(r->scope->arena, &side->addresses->items) = *name;
		}
	}
}

void sets_take(struct resolving *r)
{
	const struct written_conditions *written = r->written;
	struct rule *out = r->out;
	take_sets(r, &(struct side){ &written->src_sets, &written->invert_src, &out->src_sets,
				     &out->src_ports, &out->macs, &out->in_interfaces });
	take_sets(r, &(struct side){ &written->dest_sets, &written->invert_dest, &out->dest_sets,
				     &out->dest_ports, NULL, &out->out_interfaces });
}
