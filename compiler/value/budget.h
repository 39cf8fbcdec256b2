/* What evaluating may take: no configuration can exhaust the memory or the stack. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/source.h"

struct scope;

/* Takes room for so many values or bytes that the expression at `at` makes. False, with a message
 * for the first that is refused, where it would be too much. */
bool budget_take_values(struct scope *scope, struct span at, uint64_t values);
bool budget_take_bytes(struct scope *scope, struct span at, uint64_t bytes);

/* Whether something was refused: nothing is evaluated from there on. */
bool budget_is_spent(const struct scope *scope);

/* A level deeper, and back. */
bool budget_enter(struct scope *scope, struct span at);
void budget_leave(struct scope *scope);
