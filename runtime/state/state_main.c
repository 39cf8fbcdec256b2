/* flywall-state: what connection tracking is doing. */
#include <getopt.h>
#include <signal.h>
#include <string.h>

#include "base/suggest.h"
#include "runtime/program.h"
#include "runtime/scope.h"
#include "runtime/state/command.h"
#include "runtime/state/names.h"

static const struct command commands[] = {
	{ "list", list_run, "[OPTIONS]", "show connections, or count them" },
	{ "get", get_run, "ID", "show one connection" },
	{ "delete", delete_run, "ID...|OPTIONS", "forget connections" },
	{ "flush", flush_run, "[--yes]", "forget all connections" },
	{ "update", update_run, "[ID...] OPTIONS", "change marks or timeouts" },
	{ "events", events_run, "[OPTIONS]", "show connections as they come and go" },
	{ "stats", stats_run, "[--watch=SECONDS]", "show what the kernel counts, by CPU" },
	{ "settings", settings_run, "[PART-OF-A-NAME]",
	  "show the kernel's settings, and the configuration's" },
	{ "protocols", protocols_run, "[OPTIONS]", "count connections by protocol" },
	{ "states", states_run, "[OPTIONS]", "count connections by state" },
	{ "zones", zones_run, "[OPTIONS]", "count connections by zones, and what limits refuse" },
	{ "uplinks", uplinks_run, "[OPTIONS]", "count connections by uplink" },
	{ "helpers", helpers_run, "[OPTIONS]",
	  "show helpers, whom they serve and what they expect" },
	{ "top", top_run, "[OPTIONS]", "show who has most connections, or moves most" },
	{ "health", health_run, "[--interval=SECONDS]", "find what goes wrong, and what mends it" },
	{ "sizing", sizing_run, "--rate=N --duration=T|--memory=BYTES",
	  "say how large the table has to be" },
};

static int show_help(void)
{
	fputs("Usage: flywall-state [--state-dir=DIR] COMMAND [OPTIONS]\n"
	      "Show and change what the kernel's connection tracking knows.\n\n",
	      stdout);
	for (size_t i = 0; i < countof(commands); i++)
		printf("  %-12s %s\n", commands[i].name, commands[i].help);
	fputs("\n"
	      "      --state-dir=DIR    where flywall-apply keeps what it applied\n"
	      "                         (default: /var/lib/flywall)\n"
	      "  -h, --help             show this; after a command, its options\n"
	      "  -V, --version          show the version\n"
	      "\n"
	      "Exit status: 0 done, 1 there is no such connection, or it was not agreed to, 2 "
	      "wrong\n"
	      "usage, 3 the kernel or the system refused. health has those of monitoring "
	      "plugins.\n",
	      stdout);
	return program_finish();
}

static const struct command *command_find(const char *name)
{
	const char *names[countof(commands)];
	for (size_t i = 0; i < countof(commands); i++) {
		if (strcmp(commands[i].name, name) == 0)
			return &commands[i];
		names[i] = commands[i].name;
	}
	const char *near = suggest(name, names, countof(names));
	if (near)
		program_say("there is no command '%s'; did you mean '%s'?", name, near);
	else
		program_say("there is no command '%s'", name);
	return NULL;
}

static const struct option long_options[] = {
	{ "state-dir", required_argument, NULL, 's' },
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, 'V' },
	{ NULL, 0, NULL, 0 },
};

int main(int argc, char *argv[])
{
	autoarena struct arena *arena = arena_new();
	struct session session = { .arena = arena, .state_dir = "/var/lib/flywall" };
	int option;

	/* A closed pipe is a failed write, and said so. */
	signal(SIGPIPE, SIG_IGN);
	while ((option = getopt_long(argc, argv, "+hV", long_options, NULL)) != -1) {
		switch (option) {
		case 's':
			session.state_dir = optarg;
			break;
		case 'h':
			return show_help();
		case 'V':
			return program_version();
		default:
			return program_usage();
		}
	}
	if (!argv[optind]) {
		program_say("no command given");
		return program_usage();
	}
	session.command = command_find(argv[optind]);
	if (!session.command)
		return program_usage();
	int status = session.command->run(&session, argc - optind, argv + optind);
	names_end(&session);
	return status;
}
