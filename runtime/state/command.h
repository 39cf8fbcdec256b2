/* The sub-commands of flywall-state and what they share. */
#pragma once
#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

enum format { FORMAT_TEXT, FORMAT_JSON, FORMAT_YAML };

/* One run of the program. */
struct session {
	struct arena *arena; /* whatever lives to the end of the run */
	const char *state_dir;
	enum format format;
	struct names *names;	       /* names_get reads them when first asked for */
	bool has_warned;	       /* names_warn has said that there are none */
	const struct command *command; /* the one that runs */
};

/* A sub-command. `run` gets its own words (argv[0] is the command's name) and returns the exit
 * status of the program; it has said what there is to say. */
struct command {
	const char *name;
	int (*run)(struct session *session, int argc, char *argv[]);
	const char *arguments; /* what follows the name in the usage line */
	const char *help;      /* one line */
};

int list_run(struct session *session, int argc, char *argv[]);
int get_run(struct session *session, int argc, char *argv[]);
int delete_run(struct session *session, int argc, char *argv[]);
int flush_run(struct session *session, int argc, char *argv[]);
int update_run(struct session *session, int argc, char *argv[]);
int events_run(struct session *session, int argc, char *argv[]);
int settings_run(struct session *session, int argc, char *argv[]);
int stats_run(struct session *session, int argc, char *argv[]);
int protocols_run(struct session *session, int argc, char *argv[]);
int states_run(struct session *session, int argc, char *argv[]);
int zones_run(struct session *session, int argc, char *argv[]);
int uplinks_run(struct session *session, int argc, char *argv[]);
int helpers_run(struct session *session, int argc, char *argv[]);
int top_run(struct session *session, int argc, char *argv[]);
int sizing_run(struct session *session, int argc, char *argv[]);
int health_run(struct session *session, int argc, char *argv[]);
