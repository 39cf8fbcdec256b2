/* What a configuration declares for its own use: variables and locals. */
#pragma once
#include <stdbool.h>

#include "value/value.h"

struct body;
struct block;
struct attribute;
struct module;

/* A module without declarations, whose expressions are evaluated in `scope`. */
struct module *module_new(struct scope *scope);

/* Takes the declarations out of `body`: what is left is for others. */
void module_declare(struct module *module, struct body *body);

/* The names of the variables, one after the other; NULL behind the last one. */
const char *module_variable(const struct module *module, uint32_t index);

/* Whether the variable is known to hold a string, so that its value can be given as plain text. */
bool module_takes_text(struct module *module, const char *name);

/* Gives the variable of the attribute's name its value; one that is not declared is an error. */
void module_set(struct module *module, const struct attribute *attribute);

/* Evaluates all declarations, so that mistakes in those that nobody uses are found too. */
void module_check(struct module *module);

/* The value of var.NAME or local.NAME; `at` is where it is used. */
struct value module_variable_value(struct module *module, struct text name, struct span at);
struct value module_local_value(struct module *module, struct text name, struct span at);
