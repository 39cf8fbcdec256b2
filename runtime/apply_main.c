/* flywall-apply: a configuration into the kernel. */
#include <getopt.h>
#include <signal.h>
#include <string.h>

#include "flywall/flywall.h"
#include "runtime/apply.h"
#include "runtime/program.h"
#include "runtime/scope.h"

struct options {
	const char *ruleset; /* NULL: none to check */
	bool strict, is_preview;
};

static const char help[] =
	"Usage: flywall-apply [OPTIONS] FILE|DIRECTORY...\n"
	"       flywall-apply --check-ruleset=FILE\n"
	"Put a configuration into the kernel: the settings of the host and the ruleset, both or\n"
	"neither. Several files, or all *.hcl files of a directory, make one configuration; - is\n"
	"standard input.\n"
	"\n"
	"      --dry-run          show what would be done, and change nothing\n"
	"      --strict           warnings are errors\n"
	"      --check-ruleset=FILE  let the kernel check an nft ruleset (- is standard input)\n"
	"                         in a network namespace of its own\n"
	"  -h, --help             show this\n"
	"  -V, --version          show the version\n"
	"\n"
	"Exit status: 0 done, 1 the configuration has mistakes, 2 wrong usage, 3 the kernel or "
	"the\n"
	"system refused and nothing has changed.\n";

enum option_code { OPTION_PREVIEW = 256, OPTION_STRICT, OPTION_RULESET };

static const struct option long_options[] = {
	{ "dry-run", no_argument, NULL, OPTION_PREVIEW },
	{ "strict", no_argument, NULL, OPTION_STRICT },
	{ "check-ruleset", required_argument, NULL, OPTION_RULESET },
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, 'V' },
	{ NULL, 0, NULL, 0 },
};

static int run(const struct options *options, char *const paths[])
{
	autoflywall struct flywall *flywall = flywall_new();

	flywall_set_strict(flywall, options->strict);
	for (size_t i = 0; paths[i]; i++)
		flywall_add(flywall, paths[i]);
	bool compiled = flywall_compile(flywall);
	flywall_messages(flywall, stderr, ERRORS_SHOWN, stream_has_colour(stderr));
	if (!compiled)
		return STATUS_NO;
	return options->is_preview ? apply_preview(flywall) : apply(flywall);
}

int main(int argc, char *argv[])
{
	struct options options = { 0 };
	int option;

	signal(SIGPIPE, SIG_IGN);
	while ((option = getopt_long(argc, argv, "hV", long_options, NULL)) != -1) {
		switch (option) {
		case OPTION_PREVIEW:
			options.is_preview = true;
			break;
		case OPTION_STRICT:
			options.strict = true;
			break;
		case OPTION_RULESET:
			options.ruleset = optarg;
			break;
		case 'h':
			return program_help(help);
		case 'V':
			return program_version();
		default:
			return program_usage();
		}
	}
	bool has_config = optind < argc;
	if (options.ruleset && !has_config && !options.is_preview)
		return apply_check(options.ruleset);
	if (options.ruleset)
		program_say("--check-ruleset stands alone");
	else if (!has_config)
		program_say("no configuration given");
	else
		return run(&options, argv + optind);
	return program_usage();
}
