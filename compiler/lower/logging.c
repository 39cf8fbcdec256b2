#include "lower/logging.h"

#include <string.h>

#include "base/text.h"
#include "ir/name.h"

enum { LOG_GROUP = 1, LOG_PREFIX_MAX = 127 };

bool logging_is_limited(const struct logging *logging)
{
	return logging->enabled.value && logging->limit.value.count > 0;
}

const struct ir_object *limit_get(struct lowering *lowering, const char *base,
				  const struct ir_limit *limit, struct span at)
{
	uint32_t parameters[] = { limit->count, limit->seconds, limit->burst, limit->over };
	const char *name = name_hashed(lowering->arena, base,
				       hash_bytes(HASH_START, parameters, sizeof parameters));
	struct ir_object *object = object_find(lowering, name);
	if (!object) {
		object = object_new(lowering->out, IR_LIMIT_OBJECT, name, at);
		object->limit = *limit;
	}
	return object;
}

/* nft takes a dollar in a message for the beginning of a variable. */
static const char *without_variables(struct lowering *lowering, const char *what)
{
	char *text = text_copy(lowering->arena, text_of(what));
	for (char *c = strchr(text, '$'); c; c = strchr(c, '$'))
		*c = '?';
	return text;
}

void logging_add(struct lowering *lowering, struct ir_rule *rule, const struct logging *logging,
		 const char *owner, const char *what)
{
	const struct rate *rate = &logging->limit.value;
	if (rate->count > 0) {
		const struct ir_limit limit = { .count = (uint32_t)rate->count,
						.seconds = rate->seconds,
						.burst = (uint32_t)rate->count };
		statement_new(lowering->out, rule, IR_LIMIT)->limit.object =
			limit_get(lowering, name_make(lowering->arena, "log", owner), &limit,
				  logging->limit.at);
	}
	const char *prefix =
		logging->prefix.value ? logging->prefix.value : without_variables(lowering, what);
	if (strlen(prefix) > LOG_PREFIX_MAX)
		prefix = arena_printf(lowering->arena, "%.*s", LOG_PREFIX_MAX, prefix);
	statement_new(lowering->out, rule, IR_LOG)->log =
		(struct ir_log){ .prefix = prefix, .group = LOG_GROUP };
}
