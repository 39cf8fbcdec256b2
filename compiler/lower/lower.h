/* From the configuration to the ruleset and the host settings. */
#pragma once

struct arena;
struct config;
struct ruleset;

/* The ruleset of a configuration without errors; cannot fail. It points into `config`'s texts. */
struct ruleset *lower(struct arena *arena, const struct config *config);
