#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <libmnl/libmnl.h>
#include <linux/netfilter/nfnetlink_conntrack.h>

#include "runtime/program.h"
#include "runtime/state/dump.h"
#include "runtime/state/select.h"
#include "runtime/state/socket.h"

static int delete_targets(const struct selection *selection, const struct targets *targets)
{
	struct batch_result result;

	int error = batch_send(targets, IPCTNL_MSG_CT_DELETE, NULL, NULL, &result);
	if (!error || result.done > 0)
		selection_report(selection, &result);
	return error ? kernel_refused("delete connections", error) : program_finish();
}

/* What `request` selects goes at once; the kernel does not say how many that were, so they are
 * counted first. */
static int delete_in_kernel(const struct selection *selection, struct nlmsghdr *request)
{
	struct dump dump = { .filter = selection->filter };
	struct dump_result counted;
	autoclose int fd = -1;

	int status = dump_or_say(&dump, &counted);
	if (status != STATUS_DONE)
		return status;
	int error = socket_open(&fd);
	if (!error)
		error = request_ask(fd, request);
	if (error)
		return kernel_refused("delete connections", error);
	selection_report(selection, &(struct batch_result){ .done = counted.matched });
	return program_finish();
}

static int delete_selected(struct selection *selection)
{
	char buffer[REQUEST_MAX] __attribute__((aligned(8)));
	autotargets struct targets targets = { 0 };

	struct nlmsghdr *request = request_start(buffer, IPCTNL_MSG_CT_DELETE, 0, AF_UNSPEC);
	if (selection->is_yes && filter_to_bulk_delete(selection->filter, request))
		return delete_in_kernel(selection, request);
	int status = selection_find(selection, &targets);
	return status == STATUS_DONE ? delete_targets(selection, &targets) : status;
}

int delete_run(struct session *session, int argc, char *argv[])
{
	struct selection selection = { .session = session,
				       .filter = filter_new(session),
				       .done = "deleted" };
	struct option_group groups[] = { selection_options(&selection),
					 filter_options(selection.filter) };
	int rest, status;
	(void)argc;

	if (!options_read(session, groups, countof(groups), argv, &rest, &status))
		return status;
	status = selection_finish(&selection, argv + rest);
	return status == STATUS_DONE ? delete_selected(&selection) : status;
}

/* True: somebody at the terminal says yes. */
static bool is_agreed(uint64_t n)
{
	char answer[8] = "";

	if (!isatty(STDIN_FILENO)) {
		program_say("nothing was deleted: these are %llu connections; --yes is agreed",
			    (unsigned long long)n);
		return false;
	}
	fprintf(stderr, "Forget all %llu connections? [y/N] ", (unsigned long long)n);
	if (!fgets(answer, sizeof answer, stdin))
		return false;
	return answer[0] == 'y' || answer[0] == 'Y';
}

static int flush_all(const struct selection *selection)
{
	char buffer[REQUEST_MAX] __attribute__((aligned(8)));
	struct dump dump = { 0 };
	struct dump_result counted;

	int status = dump_or_say(&dump, &counted);
	if (status != STATUS_DONE)
		return status;
	if (!selection->is_yes && !is_agreed(counted.matched))
		return STATUS_NO;
	struct nlmsghdr *request = request_start(buffer, IPCTNL_MSG_CT_DELETE, 0, AF_UNSPEC);
	autoclose int fd = -1;
	int error = socket_open(&fd);
	if (!error)
		error = request_ask(fd, request);
	if (error)
		return kernel_refused("delete connections", error);
	selection_report(selection, &(struct batch_result){ .done = counted.matched });
	return program_finish();
}

static bool take_yes(void *target, const struct option_row *row, const char *value)
{
	struct selection *selection = target;
	(void)row;
	(void)value;
	selection->is_yes = true;
	return true;
}

int flush_run(struct session *session, int argc, char *argv[])
{
	static const struct option_row rows[] = {
		{ "yes", NULL, take_yes, "do not ask" },
	};
	struct selection selection = { .session = session, .done = "deleted" };
	struct option_group groups[] = { { rows, countof(rows), &selection, NULL } };
	int rest, status;

	if (!options_read(session, groups, countof(groups), argv, &rest, &status))
		return status;
	if (rest < argc) {
		program_say("flush forgets all connections; 'delete' takes IDs and options");
		return command_usage(session);
	}
	return flush_all(&selection);
}
