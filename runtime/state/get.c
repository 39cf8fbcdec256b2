#include <stdlib.h>

#include "runtime/program.h"
#include "runtime/state/dump.h"
#include "runtime/state/filter.h"
#include "runtime/state/select.h"
#include "runtime/state/show.h"
#include "runtime/state/terms.h"

static bool show_one(void *context, const struct connection *connection)
{
	show_entry(context, connection);
	return true;
}

static int get_one(struct session *session, struct filter *filter)
{
	struct show *show = show_new(session, SHOW_WIDE, "connections");
	struct dump dump = { filter, show_fields(session, SHOW_WIDE), show_one, show };
	struct dump_result result;

	int status = dump_or_say(&dump, &result);
	show_close(show);
	if (status != STATUS_DONE)
		return status;
	status = program_finish();
	if (status == STATUS_DONE && result.matched == 0)
		return program_fail(STATUS_NO, "no connection has the ID %u",
				    filter->numbers[NUMBER_ID].at[0].low);
	return status;
}

int get_run(struct session *session, int argc, char *argv[])
{
	struct filter *filter = filter_new(session);
	uint32_t id;
	int rest, status;

	if (!options_read(session, NULL, 0, argv, &rest, &status))
		return status;
	if (argc - rest != 1) {
		program_say("give one ID, as 'list --wide' shows it");
		return command_usage(session);
	}
	if (!selection_id(argv[rest], &id))
		return command_usage(session);
	*push(session->arena, &filter->numbers[NUMBER_ID]) = (struct number_range){ id, id };
	status = filter_finish(filter);
	return status == STATUS_DONE ? get_one(session, filter) : status;
}
