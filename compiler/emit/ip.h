/* ip rules and routes as ip(8) commands. */
#pragma once
#include <stdio.h>

#include "ir/ruleset.h"

/* One command, without a newline. */
void ip_put_rule(FILE *out, const struct ir_ip_rule *rule);
void ip_put_route(FILE *out, const struct ir_ip_route *route);
