/* A change of the table, told by what of the configuration it is about. */
#pragma once
#include "runtime/change/change.h"
#include "runtime/change/origins.h"

/* A thing of the table, or a line of one. */
struct topic_line {
	enum { TOPIC_LINE_ADDED, TOPIC_LINE_REMOVED, TOPIC_LINE_CHANGED } kind;
	const char *thing; /* "chain pair/lan/wan" */
	struct text text;  /* "tcp dport 22 accept"; empty: the thing itself */
	struct text title; /* what the rule is called: "lan to wan: ssh"; may be empty */
	const char *place; /* "office.hcl:14", for what goes as it was then; NULL: none */
};

struct topic {
	enum { TOPIC_ADDED, TOPIC_REMOVED, TOPIC_CHANGED } kind;
	const char *name;   /* "policy lan -> wan, rule \"ssh\""; NULL: no block's */
	const char *place;  /* where that begins now; NULL: nowhere */
	const char *former; /* where it began in what is in force; NULL: nowhere */
	VEC(struct topic_line) lines;
};

struct topics {
	VEC(struct topic) all;
};

/* The origins of what is in force and of what is wanted. */
struct topic_sides {
	const struct origins *before, *after;
	bool knows_before; /* else what is only in `after` need not be new */
};

/* In the order of the configuration; then what goes, then what no block has. A set that has another
 * name because it is named after its content is the same set. */
void topics_collect(struct arena *arena, struct change *change, const struct topic_sides *sides,
		    struct topics *out);

/* Takes what a rule is called out of its text; empty where it is called nothing. */
struct text rule_title(struct text *rule);

/* "office.hcl:14", and its subject in `*subject` unless that is NULL; NULL where the line came from
 * nowhere. */
const char *origin_place(struct arena *arena, const struct origins *origins, uint32_t line,
			 const char **subject);
