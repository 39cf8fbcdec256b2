/* helpers: whom they serve, and which connections they expect. */
#include <stdio.h>

#include "runtime/program.h"
#include "runtime/state/dump.h"
#include "runtime/state/filter.h"
#include "runtime/state/helper_use.h"
#include "runtime/state/names.h"
#include "runtime/state/options.h"
#include "runtime/state/sheet.h"
#include "runtime/state/socket.h"
#include "runtime/state/text.h"
#include "runtime/state/words.h"

enum { ENDPOINT_MAX = 64 };

static bool count(void *context, const struct connection *connection)
{
	helper_uses_count(context, connection);
	return true;
}

static void show_protocol(struct sheet *sheet, uint8_t protocol)
{
	char number[8];

	snprintf(number, sizeof number, "%u", protocol);
	sheet_text(sheet, l4_name(protocol) ? l4_name(protocol) : number);
}

static void show_endpoint(struct sheet *sheet, const struct tuple *tuple, bool is_dest)
{
	char text[ENDPOINT_MAX];

	*text_put_endpoint(text, tuple, is_dest) = 0;
	sheet_text(sheet, text);
}

static void show_uses(struct sheet *sheet, const struct helper_uses *uses)
{
	static const struct sheet_column columns[] = {
		{ "HELPER", "helper" },
		{ "PROTOCOL", "protocol" },
		{ "OBJECT", "object" },
		{ ">CONNECTIONS", "connections" },
		{ ">EXPECTATIONS", "expectations" },
	};

	sheet_list(sheet, "helpers", columns, countof(columns));
	for (uint32_t i = 0; i < uses->all.n; i++) {
		const struct helper_use *use = &uses->all.at[i];
		sheet_text(sheet, use->helper);
		show_protocol(sheet, use->protocol);
		if (use->object)
			sheet_text(sheet, use->object);
		else
			sheet_unknown(sheet);
		sheet_number(sheet, use->connections);
		sheet_number(sheet, use->expectations);
	}
}

static void show_expectations(struct sheet *sheet, const struct expectations *expectations)
{
	static const struct sheet_column columns[] = {
		{ "HELPER", "helper" },
		{ "PROTOCOL", "protocol" },
		{ "FROM", "src" },
		{ "MASK", "src_mask" },
		{ "TO", "dst" },
		{ "MASTER FROM", "master_src" },
		{ "MASTER TO", "master_dst" },
		{ ">TIMEOUT", "timeout" },
	};

	sheet_list(sheet, "expectations", columns, countof(columns));
	for (uint32_t i = 0; i < expectations->all.n; i++) {
		const struct expectation *expectation = &expectations->all.at[i];
		if (expectation->helper)
			sheet_text(sheet, expectation->helper);
		else
			sheet_unknown(sheet);
		show_protocol(sheet, expectation->tuple.protocol);
		show_endpoint(sheet, &expectation->tuple, false);
		show_endpoint(sheet, &expectation->mask, false);
		show_endpoint(sheet, &expectation->tuple, true);
		show_endpoint(sheet, &expectation->master, false);
		show_endpoint(sheet, &expectation->master, true);
		sheet_number(sheet, expectation->timeout);
	}
}

static int show(struct session *session, const struct filter *filter)
{
	struct dump dump = { filter, HELPER_FIELDS, count, NULL };
	struct expectations expectations;
	struct dump_result result;
	struct helper_uses uses;

	int error = helper_uses_read(session->arena, names_table(session), &uses);
	if (error)
		return kernel_refused("read the helpers of flywall's table", error);
	dump.context = &uses;
	int status = dump_or_say(&dump, &result);
	if (status != STATUS_DONE)
		return status;
	error = expectations_read(session->arena, &expectations);
	if (error)
		return kernel_refused("read the expectations", error);
	helper_uses_expect(&uses, &expectations);
	struct sheet *sheet = sheet_new(session);
	show_uses(sheet, &uses);
	show_expectations(sheet, &expectations);
	return sheet_close(sheet);
}

int helpers_run(struct session *session, int argc, char *argv[])
{
	struct filter *filter = filter_new(session);
	struct option_group group = filter_options(filter);
	int rest, status;

	if (!options_read(session, &group, 1, argv, &rest, &status))
		return status;
	if (rest < argc) {
		program_say("unexpected word '%s'", argv[rest]);
		return command_usage(session);
	}
	status = filter_finish(filter);
	return status == STATUS_DONE ? show(session, filter) : status;
}
