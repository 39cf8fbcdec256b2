#include "runtime/state/select.h"

#include <stdlib.h>
#include <string.h>

#include "runtime/program.h"
#include "runtime/state/dump.h"
#include "runtime/state/show.h"
#include "runtime/state/terms.h"
#include "runtime/state/writer.h"

static bool take_flag(void *target, const struct option_row *row, const char *value)
{
	struct selection *selection = target;
	(void)value;
	if (row->which)
		selection->is_yes = true;
	else
		selection->is_preview = true;
	return true;
}

static const struct option_row rows[] = {
	{ "yes", NULL, take_flag, "do it, even where it is more than one connection", 1 },
	{ "dry-run", NULL, take_flag, "show which they are, and change nothing", 0 },
};

struct option_group selection_options(struct selection *selection)
{
	return (struct option_group){ rows, countof(rows), selection, NULL };
}

bool selection_id(const char *word, uint32_t *out)
{
	char *end;
	unsigned long long id = strtoull(word, &end, 0);

	if (*word < '0' || *word > '9' || *end || id > UINT32_MAX) {
		program_say("'%s' is not the ID of a connection, as 'list --wide' shows it", word);
		return false;
	}
	*out = (uint32_t)id;
	return true;
}

int selection_finish(struct selection *selection, char *const words[])
{
	struct filter *filter = selection->filter;

	for (size_t i = 0; words[i]; i++) {
		uint32_t id;
		if (!selection_id(words[i], &id))
			return command_usage(selection->session);
		*push(selection->session->arena, &filter->numbers[NUMBER_ID]) =
			(struct number_range){ id, id };
	}
	if (selection->is_yes && selection->is_preview) {
		program_say("--yes and --dry-run exclude each other");
		return command_usage(selection->session);
	}
	int status = filter_finish(filter);
	if (status == STATUS_DONE && filter_is_empty(filter)) {
		program_say("say which connections: by their IDs or by options");
		return command_usage(selection->session);
	}
	return status;
}

/* An ID that is gone is worth an error; filters may well find nothing. */
static int say_none(const struct selection *selection)
{
	const struct filter *filter = selection->filter;

	if (filter->conditions == 1U << CONDITION_ID && filter->numbers[NUMBER_ID].n == 1 &&
	    filter->numbers[NUMBER_ID].at[0].low == filter->numbers[NUMBER_ID].at[0].high)
		return program_fail(STATUS_NO, "no connection has the ID %u",
				    filter->numbers[NUMBER_ID].at[0].low);
	return STATUS_DONE;
}

static bool show_one(void *context, const struct connection *connection)
{
	show_entry(context, connection);
	return true;
}

static int preview(struct selection *selection, size_t n)
{
	struct session *session = selection->session;
	struct dump_result result;

	struct show *show = show_new(session, SHOW_LIST, "connections");
	struct dump dump = { selection->filter, show_fields(session, SHOW_LIST), show_one, show };
	int status = dump_or_say(&dump, &result);
	show_close(show);
	if (status == STATUS_DONE)
		status = program_finish();
	if (status != STATUS_DONE)
		return status;
	if (selection->is_preview)
		return program_fail(STATUS_NO, "%zu connection%s would be %s", n, n == 1 ? "" : "s",
				    selection->done);
	return program_fail(STATUS_NO, "nothing was %s: these are %zu connections; --yes is agreed",
			    selection->done, n);
}

int selection_find(struct selection *selection, struct targets *out)
{
	autotargets struct targets targets = { 0 };
	struct dump dump = { selection->filter, TARGET_FIELDS, target_add, &targets };
	struct dump_result result;

	int status = dump_or_say(&dump, &result);
	if (status == STATUS_DONE && targets.n == 0)
		status = say_none(selection);
	if (status != STATUS_DONE)
		return status;
	if (selection->is_preview || (targets.n > 1 && !selection->is_yes))
		return preview(selection, targets.n);
	*out = targets;
	targets = (struct targets){ 0 };
	return STATUS_DONE;
}

void selection_report(const struct selection *selection, const struct batch_result *result)
{
	char text[BATCH_TEXT_MAX];

	if (selection->session->format == FORMAT_TEXT) {
		batch_text(result, selection->done, text);
		puts(text);
		return;
	}
	struct writer *writer = writer_new(stdout, selection->session->format);
	writer_begin_map(writer);
	writer_pair_number(writer, selection->done, result->done);
	writer_pair_number(writer, "gone", result->gone);
	writer_pair_number(writer, "held", result->held);
	writer_end_map(writer);
	writer_close(writer);
}
