#include "runtime/state/options.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/units.h"
#include "runtime/program.h"

static bool take_format(void *target, const struct option_row *row, const char *value)
{
	static const char *const words[] = { "text", "json", "yaml" };
	struct session *session = target;

	for (size_t i = 0; i < countof(words); i++)
		if (strcmp(value, words[i]) == 0) {
			session->format = (enum format)i;
			return true;
		}
	program_say("--%s is text, json or yaml, not '%s'", row->name, value);
	return false;
}

static bool take_state_dir(void *target, const struct option_row *row, const char *value)
{
	struct session *session = target;
	(void)row;
	session->state_dir = value;
	return true;
}

static const struct option_row common_rows[] = {
	{ "format", "FORMAT", take_format, "text (default), json or yaml" },
	{ "state-dir", "DIR", take_state_dir, "where flywall-apply keeps what it applied" },
	{ "help", NULL, NULL, "show this" },
};

enum { FIRST_CODE = 256 };

static void show_rows(const struct option_group *group)
{
	if (group->title)
		printf("\n%s\n", group->title);
	else
		putchar('\n');
	for (size_t i = 0; i < group->count; i++) {
		const struct option_row *row = &group->rows[i];
		char left[64];
		snprintf(left, sizeof left, "--%s%s%s", row->name, row->value ? "=" : "",
			 row->value ? row->value : "");
		printf("  %-26s %s\n", left, row->help);
	}
}

static int show_help(const struct command *command, const struct option_group *groups, size_t count,
		     const struct option_group *common)
{
	printf("Usage: flywall-state %s %s\n%c%s.\n", command->name, command->arguments,
	       command->help[0] - 'a' + 'A', command->help + 1);
	for (size_t i = 0; i < count; i++)
		show_rows(&groups[i]);
	show_rows(common);
	return program_finish();
}

static const struct option_row *row_find(const struct option_group *groups, size_t count,
					 size_t index, void **target)
{
	for (size_t i = 0; i < count; i++) {
		if (index < groups[i].count) {
			*target = groups[i].target;
			return &groups[i].rows[index];
		}
		index -= groups[i].count;
	}
	return NULL;
}

static struct option *getopt_rows(struct arena *arena, const struct option_group *groups,
				  size_t count)
{
	size_t n = 0;
	for (size_t i = 0; i < count; i++)
		n += groups[i].count;
	struct option *options = arena_array(arena, n + 1, sizeof *options), *option = options;
	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; j < groups[i].count; j++, option++) {
			const struct option_row *row = &groups[i].rows[j];
			option->name = row->name;
			option->has_arg = row->value ? required_argument : no_argument;
			option->val = FIRST_CODE + (int)(option - options);
		}
	return options;
}

int command_usage(const struct session *session)
{
	fprintf(stderr, "Try 'flywall-state %s --help'.\n", session->command->name);
	return STATUS_USAGE;
}

bool options_read(struct session *session, const struct option_group *groups, size_t count,
		  char *argv[], int *rest, int *status)
{
	struct option_group *all = arena_array(session->arena, count + 1, sizeof *all);
	int argc = 0, code;

	while (argv[argc])
		argc++;
	if (count > 0)
		memcpy(all, groups, count * sizeof *all);
	all[count] = (struct option_group){ common_rows, countof(common_rows), session, NULL };
	const struct option *options = getopt_rows(session->arena, all, count + 1);

	/* Messages of getopt begin with argv[0]. */
	argv[0] = arena_printf(session->arena, "flywall-state %s", session->command->name);
	optind = 0;
	while ((code = getopt_long(argc, argv, "h", options, NULL)) != -1) {
		void *target = NULL;
		const struct option_row *row =
			code < FIRST_CODE
				? NULL
				: row_find(all, count + 1, (size_t)(code - FIRST_CODE), &target);
		if (code == 'h' || (row && !row->take)) {
			*status = show_help(session->command, groups, count, &all[count]);
			return false;
		}
		if (!row || !row->take(target, row, optarg)) {
			*status = command_usage(session);
			return false;
		}
	}
	*rest = optind;
	return true;
}

bool option_number(const char *option, const char *value, unsigned long long most,
		   unsigned long long *out)
{
	char *end;
	unsigned long long number = strtoull(value, &end, 0);

	if (*value < '0' || *value > '9' || *end || number > most) {
		program_say("--%s is a number up to %llu, not '%s'", option, most, value);
		return false;
	}
	*out = number;
	return true;
}

bool option_duration(const char *option, const char *value, unsigned long long *seconds)
{
	uint64_t parsed;
	if (duration_parse(text_of(value), &parsed) != UNIT_OK || parsed > UINT32_MAX) {
		program_say("--%s is a duration such as 90 or 1h30m, not '%s'", option, value);
		return false;
	}
	*seconds = parsed;
	return true;
}

bool option_bytes(const char *option, const char *value, unsigned long long *out)
{
	static const char units[] = "kMGT";
	char *end;
	unsigned long long number = strtoull(value, &end, 10);
	const char *unit = *end ? strchr(units, *end == 'K' ? 'k' : *end) : NULL;
	unsigned shift = unit ? 10 * (unsigned)(unit - units + 1) : 0;

	if (*value < '0' || *value > '9' || (*end && (!unit || end[1])) ||
	    number > UINT64_MAX >> shift) {
		program_say("--%s is a number of bytes such as 500 or 10M, not '%s'", option,
			    value);
		return false;
	}
	*out = number << shift;
	return true;
}
