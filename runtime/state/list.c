#include <stdlib.h>
#include <string.h>

#include "runtime/program.h"
#include "runtime/scope.h"
#include "runtime/state/dump.h"
#include "runtime/state/filter.h"
#include "runtime/state/options.h"
#include "runtime/state/print.h"

struct list {
	struct session *session;
	struct filter *filter;
	bool is_count, is_stream, is_wide;
	uint64_t limit; /* 0: none */
	uint64_t shown;
	struct writer *writer;
};

static bool take_flag(void *target, const struct option_row *row, const char *value)
{
	struct list *list = target;
	(void)value;

	if (row->which == 0)
		list->is_count = true;
	else if (row->which == 1)
		list->is_stream = true;
	else
		list->is_wide = true;
	return true;
}

static const struct option_row rows[] = {
	{ "count", NULL, take_flag, "show how many there are, and nothing else", 0 },
	{ "stream", NULL, take_flag, "JSON, one connection a line", 1 },
	{ "wide", NULL, take_flag, "all columns, whatever the terminal's width", 2 },
};

static bool write_entry(void *context, const struct connection *connection)
{
	struct list *list = context;

	connection_write(list->writer, names_get(list->session), connection);
	return ++list->shown != list->limit;
}

static int list_structured(struct list *list)
{
	struct dump dump = { list->filter, PRINT_FIELDS, write_entry, list };
	struct dump_result result;

	list->writer = writer_new(stdout, list->session->format);
	writer_begin_map(list->writer);
	writer_key(list->writer, "connections");
	writer_begin_list(list->writer);
	int status = dump_or_say(&dump, &result);
	writer_end_list(list->writer);
	writer_end_map(list->writer);
	writer_close(list->writer);
	return status;
}

static int list_count(struct list *list)
{
	struct dump dump = { .filter = list->filter };
	struct dump_result result;

	int status = dump_or_say(&dump, &result);
	if (status == STATUS_DONE)
		printf("%llu\n", (unsigned long long)result.matched);
	return status;
}

int list_run(struct session *session, int argc, char *argv[])
{
	struct list list = { .session = session, .filter = filter_new(session) };
	struct option_group groups[] = { { rows, countof(rows), &list, NULL },
					 filter_options(list.filter) };
	int rest, status;

	if (!options_read(session, groups, countof(groups), argv, &rest, &status))
		return status;
	if (rest < argc) {
		program_say("unexpected word '%s'", argv[rest]);
		return program_usage();
	}
	status = filter_finish(list.filter);
	if (status == STATUS_DONE)
		status = list.is_count ? list_count(&list) : list_structured(&list);
	return status == STATUS_DONE ? program_finish() : status;
}
