#include "value/budget.h"

#include "base/diag.h"
#include "value/value.h"

/* Two million values take some 200 MB; nobody's firewall has as many. */
enum { VALUES_MAX = 2000000, DEPTH_MAX = 3000 };
#define BYTES_MAX (UINT64_C(256) << 20)

static bool refuse(struct scope *scope, struct span at, const char *what)
{
	if (!scope->budget->is_spent) {
		struct diag *d = diag_error(scope->budget->diags, D_EXPANSION, at);
		diag_say(d, "evaluating this makes more than %s", what);
		diag_help(d, "look for lists that multiply each other");
	}
	scope->budget->is_spent = true;
	return false;
}

bool budget_take_values(struct scope *scope, struct span at, uint64_t values)
{
	struct budget *budget = scope->budget;
	if (!budget || budget->is_spent)
		return !budget;
	if (values > VALUES_MAX - budget->values)
		return refuse(scope, at, "2000000 values");
	budget->values += values;
	return true;
}

bool budget_take_bytes(struct scope *scope, struct span at, uint64_t bytes)
{
	struct budget *budget = scope->budget;
	if (!budget || budget->is_spent)
		return !budget;
	if (bytes > BYTES_MAX - budget->bytes)
		return refuse(scope, at, "256 MiB of text");
	budget->bytes += bytes;
	return true;
}

bool budget_is_spent(const struct scope *scope)
{
	return scope->budget && scope->budget->is_spent;
}

bool budget_enter(struct scope *scope, struct span at)
{
	struct budget *budget = scope->budget;
	if (!budget || budget->depth < DEPTH_MAX) {
		if (budget)
			budget->depth++;
		return true;
	}
	if (!budget->is_spent) {
		struct diag *d = diag_error(budget->diags, D_TOO_DEEP, at);
		diag_say(d, "evaluating this goes more than %d levels deep", DEPTH_MAX);
		diag_help(d, "shorten the chain of values that are made of each other");
	}
	budget->is_spent = true;
	return false;
}

void budget_leave(struct scope *scope)
{
	if (scope->budget)
		scope->budget->depth--;
}
