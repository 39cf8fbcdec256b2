/* flywall-compile: a configuration in, an nftables ruleset out. */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "flywall/flywall.h"
#include "runtime/diff.h"
#include "runtime/inputs.h"
#include "runtime/kernel_check.h"
#include "runtime/memory.h"
#include "runtime/output.h"
#include "runtime/program.h"
#include "runtime/scope.h"

enum messages { MESSAGES_TEXT, MESSAGES_JSON, MESSAGES_GITHUB };

struct options {
	enum flywall_form form;
	struct inputs inputs;
	const char *output; /* NULL: standard output */
	const char *golden; /* NULL: no comparison */
	const char *code;   /* NULL: no explanation */
	enum messages messages;
	bool only_check, asks_kernel, is_as_written;
};

static const char help[] =
	"Usage: flywall-compile [OPTIONS] FILE|DIRECTORY...\n"
	"Compile a configuration to an nftables ruleset, on standard output.\n"
	"Several files, or all *.hcl files of a directory, make one configuration; - is standard\n"
	"input.\n"
	"\n"
	"  -o, --output=FILE      write there instead, whole or not at all\n"
	"      --emit=WHAT        ruleset (default), json, sysctl, modules, ip, names,\n"
	"                         values or ir\n"
	"  -O LEVEL               0: leave rules as they are written; 1 (default): make look-ups "
	"of\n"
	"                         them\n"
	/* clang-format off */
	INPUT_HELP
	/* clang-format on */
	"      --check            only look for mistakes\n"
	"      --diff=GOLDEN      show how the output differs from the file GOLDEN\n"
	"      --kernel-check     let this machine's kernel check the ruleset too\n"
	"      --format=FORMAT    messages as text (default), json (one object a line) or github\n"
	"      --explain-code=CODE  explain a message by its code; all: list the codes\n"
	"      --manual           write the language's reference, in Markdown\n"
	"      --schema           write the JSON Schema of the configuration\n"
	"  -h, --help             show this\n"
	"  -V, --version          show the version\n"
	"\n"
	"Exit status: 0 done, 1 the input (or --diff) says no, 2 wrong usage, 3 the kernel or the\n"
	"system refused.\n";

enum option_code {
	OPTION_EMIT = 256,
	OPTION_CHECK,
	OPTION_DIFF,
	OPTION_KERNEL,
	OPTION_FORMAT,
	OPTION_EXPLAIN,
	OPTION_MANUAL,
	OPTION_SCHEMA,
};

static const struct option long_options[] = {
	{ "output", required_argument, NULL, 'o' },
	{ "define", required_argument, NULL, INPUT_DEFINE },
	{ "emit", required_argument, NULL, OPTION_EMIT },
	{ "check", no_argument, NULL, OPTION_CHECK },
	{ "diff", required_argument, NULL, OPTION_DIFF },
	{ "strict", no_argument, NULL, INPUT_STRICT },
	{ "allow-env", no_argument, NULL, INPUT_ENVIRONMENT },
	{ "kernel-check", no_argument, NULL, OPTION_KERNEL },
	{ "format", required_argument, NULL, OPTION_FORMAT },
	{ "explain-code", required_argument, NULL, OPTION_EXPLAIN },
	{ "manual", no_argument, NULL, OPTION_MANUAL },
	{ "schema", no_argument, NULL, OPTION_SCHEMA },
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, 'V' },
	{ NULL, 0, NULL, 0 },
};

static bool messages_find(const char *name, enum messages *messages)
{
	static const char *const names[] = { "text", "json", "github" };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strcmp(name, names[i]) == 0) {
			*messages = (enum messages)i;
			return true;
		}
	return false;
}

enum { EXPLANATION_WIDTH = 78 };

/* Lines are broken between words. */
static void print_paragraph(const char *text)
{
	size_t column = 0;
	while (*text) {
		size_t word = strcspn(text, " ");
		bool fits = column + 1 + word <= EXPLANATION_WIDTH;
		printf("%s%.*s", column == 0 ? "" : fits ? " " : "\n", (int)word, text);
		column = column && fits ? column + 1 + word : word;
		text += word;
		text += strspn(text, " ");
	}
	putchar('\n');
}

static void print_example(const char *heading, const char *text)
{
	if (!text)
		return;
	printf("\n%s\n\n", heading);
	while (*text) {
		int line = (int)strcspn(text, "\n");
		printf("%*s%.*s\n", line ? 4 : 0, "", line, text);
		text += line + (text[line] == '\n');
	}
}

static int explain(const char *code)
{
	struct flywall_explanation found;

	if (strcmp(code, "all") == 0) {
		for (size_t i = 0; flywall_explanation_at(i, &found); i++)
			printf("%s %s\n", found.code, found.title);
		return program_finish();
	}
	if (!flywall_explain(code, &found)) {
		program_say("no message has the code '%s'; --explain-code=all lists them", code);
		return program_usage();
	}
	printf("%s: %s\n\n", found.code, found.title);
	print_paragraph(found.text);
	print_example("This leads to it:", found.wrong);
	print_example(found.wrong ? "This does not:" : "For example:", found.right);
	return program_finish();
}

static void show_messages(struct flywall *flywall, const struct options *options)
{
	switch (options->messages) {
	case MESSAGES_TEXT:
		flywall_messages(flywall, stderr, ERRORS_SHOWN, stream_has_colour(stderr));
		if (flywall_errors(flywall) && isatty(STDERR_FILENO))
			fputs("flywall-compile --explain-code CODE says more about a message\n",
			      stderr);
		return;
	case MESSAGES_JSON:
		flywall_annotate(flywall, FLYWALL_ANNOTATE_JSON, stderr);
		return;
	case MESSAGES_GITHUB:
		flywall_annotate(flywall, FLYWALL_ANNOTATE_GITHUB, stderr);
		return;
	}
}

/* Values are found wrong while they are written out, so they are written to memory first. */
static int write_values(struct flywall *flywall, const struct options *options, FILE *out)
{
	automemory struct memory values = MEMORY_NONE;
	int error = memory_emit(flywall, FLYWALL_VALUES, &values);
	if (error)
		return program_fail(STATUS_SYSTEM, "cannot keep the values in memory: %s",
				    strerror(-error));
	show_messages(flywall, options);
	if (flywall_errors(flywall))
		return STATUS_NO;
	fwrite(values.text, 1, values.size, out);
	return STATUS_DONE;
}

static int write_form(struct flywall *flywall, const struct options *options, FILE *out)
{
	if (options->form == FLYWALL_VALUES)
		return write_values(flywall, options, out);
	flywall_emit(flywall, options->form, out);
	return STATUS_DONE;
}

static int write_file(struct flywall *flywall, const struct options *options)
{
	autooutput struct output output = { 0 };

	int error = output_open(options->output, &output);
	if (error)
		return program_fail(STATUS_SYSTEM, "cannot write %s: %s", options->output,
				    strerror(-error));
	int status = write_form(flywall, options, output.stream);
	if (status != STATUS_DONE)
		return status;
	error = output_commit(&output);
	if (error)
		return program_fail(STATUS_SYSTEM, "cannot write %s: %s", options->output,
				    strerror(-error));
	return STATUS_DONE;
}

/* Both texts stand in memory: what would be emitted, and what was expected. */
static int show_difference(struct flywall *flywall, const struct options *options)
{
	automemory struct memory golden = MEMORY_NONE, emitted = MEMORY_NONE;

	int error = memory_read(options->golden, &golden);
	if (error)
		return program_fail(STATUS_SYSTEM, "cannot read %s: %s", options->golden,
				    strerror(-error));
	error = memory_emit(flywall, options->form, &emitted);
	if (error)
		return program_fail(STATUS_SYSTEM, "cannot keep the output in memory: %s",
				    strerror(-error));
	if (options->form == FLYWALL_VALUES)
		show_messages(flywall, options);
	if (flywall_errors(flywall))
		return STATUS_NO;

	struct diff_side before = { options->golden, golden.text, golden.size };
	struct diff_side after = { "emitted", emitted.text, emitted.size };
	bool differs = diff_write(stdout, &before, &after, stream_has_colour(stdout));
	int status = program_finish();
	return status == STATUS_DONE && differs ? STATUS_NO : status;
}

static int deliver(struct flywall *flywall, const struct options *options)
{
	if (options->asks_kernel) {
		int status = kernel_check(flywall);
		if (status != STATUS_DONE)
			return status;
	}
	if (options->only_check)
		return STATUS_DONE;
	if (options->golden)
		return show_difference(flywall, options);
	if (options->output)
		return write_file(flywall, options);
	int status = write_form(flywall, options, stdout);
	return status == STATUS_DONE ? program_finish() : status;
}

static int run(const struct options *options, char *const paths[])
{
	autoflywall struct flywall *flywall = flywall_new();
	bool only_values = options->form == FLYWALL_VALUES && !options->only_check;

	flywall_set_as_written(flywall, options->is_as_written);
	inputs_add(&options->inputs, paths, flywall);
	bool done = only_values ? flywall_parse(flywall)
				: flywall_compile(flywall) &&
					  flywall_check_form(flywall, options->form);
	if (!done || !only_values)
		show_messages(flywall, options);
	return done ? deliver(flywall, options) : STATUS_NO;
}

/* What was asked for must not contradict itself. */
static int options_check(const struct options *options, char *const paths[])
{
	int destinations = options->only_check + !!options->golden + !!options->output;
	if (destinations > 1)
		program_say("--check, --diff and --output exclude each other");
	else if (options->asks_kernel && options->form == FLYWALL_VALUES && !options->only_check)
		program_say("--kernel-check needs a ruleset, and --emit=values makes none");
	else if (!paths[0])
		program_say("no configuration given");
	else
		return STATUS_DONE;
	return program_usage();
}

int main(int argc, char *argv[])
{
	autoinputs struct inputs inputs = { 0 };
	struct options options = { .form = FLYWALL_RULESET };
	int option;

	if (!inputs_open(&inputs, argc))
		return program_fail(STATUS_SYSTEM, "out of memory");
	options.inputs = inputs;

	/* A closed pipe is a failed write, and said so. */
	signal(SIGPIPE, SIG_IGN);
	while ((option = getopt_long(argc, argv, "o:O:hV" INPUT_LETTERS, long_options, NULL)) !=
	       -1) {
		switch (option) {
		case 'o':
			options.output = optarg;
			break;
		case 'O':
			if (strcmp(optarg, "0") != 0 && strcmp(optarg, "1") != 0) {
				program_say("there are the levels 0 and 1, not '%s'", optarg);
				return program_usage();
			}
			options.is_as_written = *optarg == '0';
			break;
		case OPTION_EMIT:
			if (flywall_form_find(optarg, &options.form))
				break;
			program_say("unknown output '%s'", optarg);
			return program_usage();
		case OPTION_CHECK:
			options.only_check = true;
			break;
		case OPTION_DIFF:
			options.golden = optarg;
			break;
		case OPTION_KERNEL:
			options.asks_kernel = true;
			break;
		case OPTION_EXPLAIN:
			options.code = optarg;
			break;
		case OPTION_FORMAT:
			if (messages_find(optarg, &options.messages))
				break;
			program_say("messages are text, json or github, not '%s'", optarg);
			return program_usage();
		case OPTION_MANUAL:
			flywall_manual(stdout);
			return program_finish();
		case OPTION_SCHEMA:
			flywall_schema(stdout);
			return program_finish();
		case 'h':
			return program_help(help);
		case 'V':
			return program_version();
		default:
			if (!inputs_take(&options.inputs, option, optarg))
				return program_usage();
		}
	}
	if (options.code)
		return explain(options.code);
	int status = options_check(&options, argv + optind);
	return status == STATUS_DONE ? run(&options, argv + optind) : status;
}
