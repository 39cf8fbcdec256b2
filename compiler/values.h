/* A body's values as JSON, without any schema. */
#pragma once
#include <stdio.h>

struct body;
struct expr;
struct scope;

/* Writes {"attributes": {NAME: {"value": JSON}}, "blocks": [{"type", "labels", "body"}]}. Numbers
 * are exact decimals. Mistakes in evaluating go to the scope's messages; their values are null. */
void values_write(struct scope *scope, const struct body *body, FILE *out);

/* The same for one expression: {"value": JSON}. */
void values_write_one(struct scope *scope, const struct expr *expr, FILE *out);
