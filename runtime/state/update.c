#include <arpa/inet.h>
#include <stdlib.h>

#include <libmnl/libmnl.h>
#include <linux/netfilter/nfnetlink_conntrack.h>

#include "runtime/program.h"
#include "runtime/state/select.h"
#include "runtime/state/socket.h"

/* The bits of a mark that flywall leaves to the user. */
enum { USER_MASK = 0xfff };

struct update {
	struct selection selection;
	bool has_mark, has_timeout;
	uint32_t mark, mask, timeout;
};

static bool number_read(const char **text, uint32_t *out)
{
	char *end;
	unsigned long long number = strtoull(*text, &end, 0);

	if (**text < '0' || **text > '9' || number > UINT32_MAX)
		return false;
	*text = end;
	*out = (uint32_t)number;
	return true;
}

static bool take_mark(void *target, const struct option_row *row, const char *value)
{
	struct update *update = target;
	const char *at = value;
	bool is_read = number_read(&at, &update->mark);

	update->has_mark = true;
	update->mask = USER_MASK;
	if (is_read && *at == '/') {
		at++;
		is_read = number_read(&at, &update->mask);
	}
	if (!is_read || *at) {
		program_say("--%s is VALUE or VALUE/MASK, such as 0x100/0xf00, not '%s'", row->name,
			    value);
		return false;
	}
	if ((update->mark & ~update->mask) == 0)
		return true;
	program_say("--%s: 0x%x has bits outside the mask 0x%x%s", row->name, update->mark,
		    update->mask,
		    at - value < 1 || update->mask != USER_MASK
			    ? ""
			    : "; the bits above belong to flywall's zones and uplinks");
	return false;
}

static bool take_timeout(void *target, const struct option_row *row, const char *value)
{
	struct update *update = target;
	unsigned long long seconds;

	if (!option_duration(row->name, value, &seconds))
		return false;
	update->has_timeout = true;
	update->timeout = (uint32_t)seconds;
	return true;
}

static const struct option_row rows[] = {
	{ "set-mark", "VALUE/MASK", take_mark,
	  "set these bits of the mark (default mask: 0xfff, the user's)" },
	{ "set-timeout", "DURATION", take_timeout, "set the time until it expires" },
};

static void put_changes(void *context, struct nlmsghdr *request)
{
	const struct update *update = context;

	if (update->has_mark) {
		mnl_attr_put_u32(request, CTA_MARK, htonl(update->mark));
		mnl_attr_put_u32(request, CTA_MARK_MASK, htonl(update->mask));
	}
	if (update->has_timeout)
		mnl_attr_put_u32(request, CTA_TIMEOUT, htonl(update->timeout));
}

static int update_selected(struct update *update)
{
	autotargets struct targets targets = { 0 };
	struct batch_result result;

	int status = selection_find(&update->selection, &targets);
	if (status != STATUS_DONE)
		return status;
	/* Without NLM_F_CREATE a new connection is one that is there already. */
	int error = batch_send(&targets, IPCTNL_MSG_CT_NEW, put_changes, update, &result);
	if (!error || result.done > 0)
		selection_report(&update->selection, &result);
	return error ? kernel_refused("change connections", error) : program_finish();
}

int update_run(struct session *session, int argc, char *argv[])
{
	struct update update = { .selection = { .session = session,
						.filter = filter_new(session),
						.done = "updated" } };
	struct option_group groups[] = { { rows, countof(rows), &update, NULL },
					 selection_options(&update.selection),
					 filter_options(update.selection.filter) };
	int rest, status;
	(void)argc;

	if (!options_read(session, groups, countof(groups), argv, &rest, &status))
		return status;
	if (!update.has_mark && !update.has_timeout) {
		program_say("nothing to change: give --set-mark or --set-timeout");
		return command_usage(session);
	}
	status = selection_finish(&update.selection, argv + rest);
	return status == STATUS_DONE ? update_selected(&update) : status;
}
