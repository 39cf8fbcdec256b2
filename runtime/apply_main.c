/* flywall-apply: a configuration into the kernel. */
#include <getopt.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/suggest.h"
#include "base/units.h"
#include "runtime/apply.h"
#include "runtime/await.h"
#include "runtime/boot.h"
#include "runtime/confirm.h"
#include "runtime/history.h"
#include "runtime/inputs.h"
#include "runtime/preview.h"
#include "runtime/program.h"
#include "runtime/scope.h"
#include "runtime/status.h"

static const char help[] =
	"Usage: flywall-apply [OPTIONS] [apply] FILE|DIRECTORY...\n"
	"       flywall-apply [OPTIONS] COMMAND\n"
	"       flywall-apply --check-ruleset=FILE\n"
	"Put a configuration into the kernel: the settings of the host and the ruleset, both or\n"
	"neither. Several files, or all *.hcl files of a directory, make one configuration; - is\n"
	"standard input.\n"
	"\n"
	"  confirm                keep a change that was made with --confirm\n"
	"  rollback [N]           go back to generation N, or to the one before; 0: no flywall\n"
	"  generations            list what was loaded\n"
	"  plan FILE...           show what would change; exit status 1 where something would\n"
	"  status                 what is in force, and whether somebody has changed it: status 1\n"
	"  await                  wait until a change is confirmed or taken back\n"
	"  boot                   load what was kept last, without its configuration; status 4: "
	"an\n"
	"                         earlier one, 5: nothing but management and replies is let in\n"
	"\n"
	/* clang-format off */
	INPUT_HELP
	/* clang-format on */
	"      --confirm=TIME     take the change back after that time unless it is confirmed\n"
	"      --interactive      ask on the terminal whether to keep it (within 60s, or "
	"--confirm)\n"
	"      --dry-run          show what would be done, and change nothing\n"
	"      --state-dir=DIR    where generations are kept (default /var/lib/flywall)\n"
	"      --wait=SECONDS     how long to wait for another flywall-apply (default: to its "
	"end)\n"
	"      --format=FORMAT    results as text, json or yaml\n"
	"      --check-ruleset=FILE  let the kernel check an nft ruleset (- is standard input)\n"
	"                         in a network namespace of its own\n"
	"  -h, --help             show this\n"
	"  -V, --version          show the version\n"
	"\n"
	"Exit status: 0 done, 1 the configuration has mistakes or the answer is no, 2 wrong "
	"usage,\n"
	"3 the kernel or the system refused and nothing has changed.\n";

/* What an administrator has time for who reads the prompt. */
enum { ASK_SECONDS = 60, CONFIRM_MAX = 7 * 24 * 3600 };

static const struct command_row {
	const char *name;
	int (*run)(const struct request *request, char *const operands[]);
	int least, most; /* operands; most -1: any number */
} commands[] = {
	{ "apply", apply_run, 1, -1 },	    { "confirm", confirm_run, 0, 0 },
	{ "rollback", rollback_run, 0, 1 }, { "generations", generations_run, 0, 0 },
	{ "plan", plan_run, 1, -1 },	    { "status", status_run, 0, 0 },
	{ "boot", boot_run, 0, 0 },	    { "await", await_run, 0, 0 },
};

enum option_code {
	OPTION_CONFIRM = 256,
	OPTION_INTERACTIVE,
	OPTION_PREVIEW,
	OPTION_STATE_DIR,
	OPTION_WAIT,
	OPTION_FORMAT,
	OPTION_RULESET,
};

static const struct option long_options[] = {
	{ "define", required_argument, NULL, INPUT_DEFINE },
	{ "strict", no_argument, NULL, INPUT_STRICT },
	{ "allow-env", no_argument, NULL, INPUT_ENVIRONMENT },
	{ "confirm", required_argument, NULL, OPTION_CONFIRM },
	{ "interactive", no_argument, NULL, OPTION_INTERACTIVE },
	{ "dry-run", no_argument, NULL, OPTION_PREVIEW },
	{ "state-dir", required_argument, NULL, OPTION_STATE_DIR },
	{ "wait", required_argument, NULL, OPTION_WAIT },
	{ "format", required_argument, NULL, OPTION_FORMAT },
	{ "check-ruleset", required_argument, NULL, OPTION_RULESET },
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, 'V' },
	{ NULL, 0, NULL, 0 },
};

static bool take_seconds(const char *option, const char *value, uint32_t least, uint32_t *out)
{
	uint64_t seconds;
	if (duration_parse(text_of(value), &seconds) != UNIT_OK || seconds < least ||
	    seconds > CONFIRM_MAX) {
		program_say("--%s takes a time from %us to 7d, such as 120s or 2m, not '%s'",
			    option, least, value);
		return false;
	}
	*out = (uint32_t)seconds;
	return true;
}

static bool take_wait(const char *value, int *out)
{
	uint32_t seconds;
	if (!take_seconds("wait", value, 0, &seconds))
		return false;
	*out = (int)seconds;
	return true;
}

static bool take_format(const char *value, enum format *out)
{
	static const char *const names[] = {
		[FORMAT_TEXT] = "text", [FORMAT_JSON] = "json", [FORMAT_YAML] = "yaml"
	};
	for (size_t i = 0; i < countof(names); i++)
		if (strcmp(names[i], value) == 0) {
			*out = (enum format)i;
			return true;
		}
	program_say("--format is text, json or yaml, not '%s'", value);
	return false;
}

static bool take_state_dir(const char *value, const char **out)
{
	if (*value)
		*out = value;
	else
		program_say("--state-dir needs the name of a directory");
	return *value;
}

/* Those options that go with any command. */
static bool take_option(int option, const char *value, struct request *request)
{
	switch (option) {
	case OPTION_CONFIRM:
		return take_seconds("confirm", value, 1, &request->confirm);
	case OPTION_WAIT:
		return take_wait(value, &request->wait);
	case OPTION_FORMAT:
		return take_format(value, &request->format);
	case OPTION_STATE_DIR:
		return take_state_dir(value, &request->state_dir);
	case OPTION_INTERACTIVE:
		request->is_interactive = true;
		return true;
	case OPTION_PREVIEW:
		request->is_preview = true;
		return true;
	default:
		return inputs_take(&request->inputs, option, value);
	}
}

static int run_row(const struct command_row *row, const struct request *request,
		   char *const operands[])
{
	int n = 0;
	while (operands[n])
		n++;
	bool has_own = request->confirm || request->is_interactive || request->is_preview;
	if (n < row->least)
		program_say("no configuration given");
	else if (row->most >= 0 && n > row->most)
		program_say("%s takes no '%s'", row->name, operands[row->most]);
	else if (has_own && row->run != apply_run)
		program_say("--confirm, --interactive and --dry-run are for apply, not for %s",
			    row->name);
	else if (inputs_are_given(&request->inputs) && row->least == 0)
		program_say("--define, --strict and --allow-env are for apply and plan, not for %s",
			    row->name);
	else
		return row->run(request, operands);
	return program_usage();
}

/* A word that is no file and nearly a command was meant as one. */
static const char *command_meant(const char *word)
{
	const char *names[countof(commands)];
	for (size_t i = 0; i < countof(commands); i++)
		names[i] = commands[i].name;
	return access(word, F_OK) == 0 ? NULL : suggest(word, names, countof(names));
}

/* A configuration whose file has the name of a command is reached as ./NAME. */
static int run(const struct request *request, char *const words[])
{
	for (size_t i = 0; words[0] && i < countof(commands); i++)
		if (strcmp(commands[i].name, words[0]) == 0)
			return run_row(&commands[i], request, words + 1);
	const char *meant = words[0] ? command_meant(words[0]) : NULL;
	if (meant) {
		program_say("there is no command or file '%s'; did you mean %s?", words[0], meant);
		return program_usage();
	}
	return run_row(&commands[0], request, words);
}

int main(int argc, char *argv[])
{
	struct request request = { .wait = -1 };
	autoinputs struct inputs inputs = { 0 };
	const char *ruleset = NULL;
	int option;

	signal(SIGPIPE, SIG_IGN);
	if (!inputs_open(&inputs, argc))
		return program_fail(STATUS_SYSTEM, "out of memory");
	request.inputs = inputs;
	while ((option = getopt_long(argc, argv, INPUT_LETTERS "hV", long_options, NULL)) != -1) {
		if (option == 'h')
			return program_help(help);
		if (option == 'V')
			return program_version();
		if (option == OPTION_RULESET)
			ruleset = optarg;
		else if (!take_option(option, optarg, &request))
			return program_usage();
	}
	if (request.is_interactive && !request.confirm)
		request.confirm = ASK_SECONDS;
	if (ruleset && argc == 2 + (ruleset == argv[argc - 1]))
		return apply_check(ruleset);
	if (!ruleset)
		return run(&request, argv + optind);
	program_say("--check-ruleset stands alone");
	return program_usage();
}
