#include <string.h>

#include "base/text.h"
#include "runtime/program.h"
#include "runtime/scope.h"
#include "runtime/state/dump.h"
#include "runtime/state/filter.h"
#include "runtime/state/kept.h"
#include "runtime/state/options.h"
#include "runtime/state/show.h"
#include "runtime/state/writer.h"

struct list {
	struct session *session;
	struct filter *filter;
	enum show_form form;
	bool is_count;
	uint64_t limit; /* 0: none */
	uint64_t shown;
	bool is_known; /* what it is sorted by */
	struct show *show;
	struct kept kept;
};

static bool take_count(void *target, const struct option_row *row, const char *value)
{
	struct list *list = target;
	(void)row;
	(void)value;
	list->is_count = true;
	return true;
}

static bool take_form(void *target, const struct option_row *row, const char *value)
{
	struct list *list = target;
	(void)value;
	list->form = row->which;
	return true;
}

static bool take_limit(void *target, const struct option_row *row, const char *value)
{
	struct list *list = target;
	unsigned long long limit;

	if (!option_number(row->name, value, UINT32_MAX, &limit))
		return false;
	list->limit = limit;
	return true;
}

static bool take_sort(void *target, const struct option_row *row, const char *value)
{
	struct list *list = target;

	if (sort_read(value, &list->kept))
		return true;
	program_say("--%s is bytes, packets, age or timeout, and perhaps ':reverse', not '%s'",
		    row->name, value);
	return false;
}

static const struct option_row rows[] = {
	{ "count", NULL, take_count, "show how many there are, and nothing else" },
	{ "limit", "NUMBER", take_limit, "show no more than so many" },
	{ "sort", "KEY", take_sort, "by bytes, packets, age or timeout, most first; KEY:reverse" },
	{ "wide", NULL, take_form, "all columns", SHOW_WIDE },
	{ "stream", NULL, take_form, "JSON, one connection a line", SHOW_STREAM },
};

static bool show_at_once(void *context, const struct connection *connection)
{
	struct list *list = context;

	show_entry(list->show, connection);
	/* What cannot be written need not be read. */
	return ++list->shown != list->limit && !ferror(stdout);
}

static bool keep(void *context, const struct connection *connection)
{
	struct list *list = context;

	list->is_known |= sort_is_known(list->kept.key, connection);
	kept_add(&list->kept, connection);
	return true;
}

static int list_sorted(struct list *list)
{
	struct kept *kept = &list->kept;
	uint32_t fields = show_fields(list->session, list->form) | sort_fields(kept->key);
	struct dump dump = { list->filter, fields, keep, list };
	struct dump_result result;

	kept->limit = list->limit;
	kept->arena = list->session->arena;
	kept->words = names_new(kept->arena);
	int status = dump_or_say(&dump, &result);
	if (status != STATUS_DONE)
		return status;
	kept_sort(kept);
	for (size_t i = 0; i < kept->n; i++)
		show_entry(list->show, &kept->at[i]);
	if (kept->n > 0 && !list->is_known)
		program_say("the kernel keeps none of what is sorted by; set %s in conntrack {}",
			    kept->key == SORT_AGE ? "timestamps = true" : "accounting = true");
	return STATUS_DONE;
}

static int list_all(struct list *list)
{
	struct dump dump = { list->filter, show_fields(list->session, list->form), show_at_once,
			     list };
	struct dump_result result;

	return dump_or_say(&dump, &result);
}

static int list_shown(struct list *list)
{
	list->show = show_new(list->session, list->form, "connections");
	int status = list->kept.key == SORT_NONE ? list_all(list) : list_sorted(list);
	show_close(list->show);
	kept_free(&list->kept);
	return status;
}

static int list_count(struct list *list)
{
	struct dump dump = { .filter = list->filter };
	struct dump_result result;

	int status = dump_or_say(&dump, &result);
	if (status != STATUS_DONE)
		return status;
	if (list->session->format == FORMAT_TEXT) {
		printf("%llu\n", (unsigned long long)result.matched);
		return STATUS_DONE;
	}
	struct writer *writer = writer_new(stdout, list->session->format);
	writer_begin_map(writer);
	writer_pair_number(writer, "count", result.matched);
	writer_end_map(writer);
	writer_close(writer);
	return STATUS_DONE;
}

/* STATUS_DONE, or the status after it has said what contradicts what. */
static int check_options(const struct list *list)
{
	if (list->is_count && (list->limit || list->kept.key != SORT_NONE))
		program_say("--count shows no connections, so --limit and --sort say nothing");
	else if (list->form != SHOW_LIST && list->is_count)
		program_say("--count shows no connections, so --wide and --stream say nothing");
	else if (list->form != SHOW_LIST && list->session->format == FORMAT_YAML)
		program_say("--wide is a form of text and --stream one of JSON, not of YAML");
	else
		return STATUS_DONE;
	return command_usage(list->session);
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
		return command_usage(session);
	}
	status = check_options(&list);
	if (status == STATUS_DONE)
		status = filter_finish(list.filter);
	if (status == STATUS_DONE)
		status = list.is_count ? list_count(&list) : list_shown(&list);
	return status == STATUS_DONE ? program_finish() : status;
}
