/* What a configuration wants of the host beside its ruleset, so that a generation has it without
 * the configuration. */
#pragma once
#include "base/arena.h"
#include "base/text.h"
#include "flywall/flywall.h"
#include "runtime/scope.h"

struct host {
	VEC(struct flywall_setting) settings;
	VEC(struct flywall_ip_rule) rules;
	VEC(struct flywall_ip_route) routes;
	VEC(const char *) modules;
};

/* Of a compilation; it must live as long. */
void host_of(struct arena *arena, struct flywall *flywall, struct host *out);

/* The texts of settings.json and routing.json. */
struct text host_settings(struct arena *arena, const struct host *host);
struct text host_routing(struct arena *arena, const struct host *host);

/* Reads them back; empty ones want nothing. False where they make no sense. */
must_check bool host_read(struct arena *arena, struct text settings, struct text routing,
			  struct host *out);

/* The text of management.json: a list of ways into this machine. */
struct text host_management(struct arena *arena, struct flywall *flywall);
