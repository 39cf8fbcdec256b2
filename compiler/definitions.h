/* Values that variables get from outside: NAME=EXPR, and the environment. */
#pragma once
struct module;
struct scope;

/* Gives the variable of "NAME=EXPR" its value; what is wrong becomes a message. */
void definition_add(struct scope *scope, struct module *module, const char *definition);

/* Gives each declared variable x the value of FLYWALL_VAR_x, where the environment has that: the
 * text itself where the variable holds a string, else an expression. */
void definitions_of_environment(struct scope *scope, struct module *module);
