/* A gate for new connections while zones change their numbers.
 *
 * A packet is marked with the numbers of its zones, and hooks behind look at the mark. One that was
 * marked by the rules of before is looked at by those of after, where its numbers may be those of
 * other zones: it could pass where neither allows it, or leave untranslated, and so would all of
 * its connection. The gate comes with the rules and stands until no such packet is under way:
 * behind all that looks at marks, ahead of what makes a connection one. It opens by itself should
 * nobody be left to take it away. */
#pragma once
#include "runtime/change/draft.h"
#include "runtime/change/view.h"

enum { GATE_THINGS = 3 };

/* Writes it at the end of a transaction. */
void gate_write(struct draft *draft);

/* What is to be taken away behind the transaction: GATE_THINGS of them. */
extern const struct view_thing gate_things[GATE_THINGS];

bool gate_has(const struct view_thing *thing);

/* Writes how it goes, as nft(8) reads it. */
void gate_print_removal(const char *table, FILE *out);
