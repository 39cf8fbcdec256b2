#include "config/resolve.h"

#include <inttypes.h>

#include "schema/schema.h"
#include "value/value.h"

/* The kernel keeps the time until a burst is whole again, and forgets an idle source after it. */
static void check_burst(struct scope *scope, const struct limits *limits,
			const struct field_rate *rate)
{
	uint64_t burst = limits->burst.value;
	if (rate->value.count == 0 || burst == 0 ||
	    burst * rate->value.seconds / rate->value.count <= TIMEOUT_MAX)
		return;
	struct diag *d = diag_error(scope->diags, D_SLOW_BURST, limits->burst.at);
	diag_say(d,
		 "a burst of %" PRIu64 " at %" PRIu64 " a %s takes more than 24 days to come back",
		 burst, rate->value.count, rate_unit_name(&rate->value));
	diag_note(d, rate->at, "the rate is here");
	diag_help(d, "a burst of %" PRIu64 " is the largest at this rate",
		  TIMEOUT_MAX * rate->value.count / rate->value.seconds);
}

static void idle(struct scope *scope, struct span at, const char *what, const char *needs)
{
	struct diag *d = diag_warning(scope->diags, D_IDLE_LIMIT, at);
	diag_say(d, "%s does nothing without %s", what, needs);
}

void limits_check(struct scope *scope, const struct limits *limits)
{
	bool has_rate = field_is_set(limits->new_per_second) || field_is_set(limits->new_per_ip);
	bool is_per_ip = field_is_set(limits->max_per_ip) || field_is_set(limits->new_per_ip);
	if (is_sound(scope) && field_is_set(limits->burst) && !has_rate)
		idle(scope, limits->burst.at, "burst", "new_per_second or new_per_ip");
	if (is_sound(scope) && field_is_set(limits->ipv6_prefix) && !is_per_ip)
		idle(scope, limits->ipv6_prefix.at, "ipv6_prefix", "max_per_ip or new_per_ip");
	check_burst(scope, limits, &limits->new_per_second);
	check_burst(scope, limits, &limits->new_per_ip);
}
