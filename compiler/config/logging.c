#include "config/logging.h"

#include <string.h>

#include "base/arena.h"
#include "config/config.h"
#include "schema/fault.h"
#include "schema/schema.h"
#include "value/value.h"

const char *logging_prefix_read(struct scope *scope, struct text text, struct complaint *complaint)
{
	complaint->code = D_LOG_TEXT;
	if (text.n > LOG_PREFIX_MAX) {
		complaint->message = arena_printf(scope->arena, "the prefix has %zu bytes", text.n);
		complaint->help = "the kernel takes 127 at most";
		return NULL;
	}
	for (size_t i = 0; i < text.n; i++) {
		/* nft takes a dollar for the beginning of a variable, and has no way to escape it.
		 */
		if (text.s[i] >= ' ' && text.s[i] <= '~' && !strchr("\"\\$", text.s[i]))
			continue;
		complaint->message =
			arena_printf(scope->arena, "%s cannot stand in a log message",
				     fault_quote(scope->arena, (struct text){ text.s + i, 1 }));
		complaint->help = "use printable ASCII characters without \", \\ and $";
		return NULL;
	}
	return name_intern(scope->names, text);
}

void logging_resolve(struct logging *logging)
{
	if (!field_is_set(logging->enabled))
		logging->enabled.value =
			field_is_set(logging->prefix) || field_is_set(logging->limit);
	logging->at = field_is_set(logging->enabled)  ? logging->enabled.at
		      : field_is_set(logging->prefix) ? logging->prefix.at
						      : logging->limit.at;
}
