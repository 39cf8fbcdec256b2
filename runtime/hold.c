#include "runtime/hold.h"

#include <errno.h>
#include <linux/capability.h>
#include <string.h>
#include <sys/syscall.h>

#include <jansson.h>

#include "runtime/lock.h"
#include "runtime/program.h"

static const char place_name[] = "here.json";

bool request_compile(const struct request *request, char *const paths[], struct flywall *flywall)
{
	inputs_add(&request->inputs, paths, flywall);
	bool compiled = flywall_compile(flywall);
	flywall_messages(flywall, stderr, ERRORS_SHOWN, stream_has_colour(stderr));
	return compiled;
}

/* libnftables would only say that something is not permitted. */
static bool may_change_network(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = { 0 };

	if (syscall(SYS_capget, &header, data) < 0)
		return true;
	return data[CAP_TO_INDEX(CAP_NET_ADMIN)].effective & CAP_TO_MASK(CAP_NET_ADMIN);
}

static int lock_fail(const char *what, int error)
{
	if (error == -ETIMEDOUT)
		return program_fail(STATUS_SYSTEM, "another flywall-apply is at work: try again "
						   "later, or let --wait be longer");
	return program_fail(STATUS_SYSTEM, "cannot lock %s: %s", what, strerror(-error));
}

static int store_fail(const char *path, int error)
{
	program_fail(STATUS_SYSTEM, "cannot use the state directory %s: %s", path,
		     strerror(-error));
	fputs("  help: --state-dir names another one\n", stderr);
	return STATUS_SYSTEM;
}

static int store_missing(const char *path)
{
	program_fail(STATUS_NO, "nothing was applied yet: there is no directory %s", path);
	fputs("  help: --state-dir names the one that was used\n", stderr);
	return STATUS_NO;
}

static int open_store(enum hold_kind kind, struct hold *hold)
{
	const char *given = hold->request->state_dir, *path = given ? given : STORE_DEFAULT;
	int error = store_open(path, kind == HOLD_MAKE, &hold->store);
	bool may_miss = kind == HOLD_READ || kind == HOLD_BOOT;
	if (error == -ENOENT && may_miss)
		return STATUS_DONE;
	if (error == -ENOENT && kind == HOLD_WRITE)
		return store_missing(path);
	/* Where even the lock cannot be written, looking is still allowed. */
	if (!error)
		hold->store_lock = lock_file(hold->store.fd, "lock", hold->request->wait);
	if (!error && hold->store_lock < 0 && !may_miss)
		return lock_fail(path, hold->store_lock);
	return error ? store_fail(path, error) : STATUS_DONE;
}

static bool place_read(const struct hold *hold, struct here *out)
{
	autoarena struct arena *arena = arena_new();
	struct text text;
	const char *boot;
	json_int_t network;
	if (hold->store.fd < 0 || store_read(arena, &hold->store, place_name, &text) != 0)
		return false;
	json_auto_t *place = json_loadb(text.s, text.n, 0, NULL);
	if (!place || json_unpack(place, "{s:s, s:I}", "boot", &boot, "network", &network) != 0)
		return false;
	snprintf(out->boot, sizeof out->boot, "%s", boot);
	out->network = (uint64_t)network;
	return true;
}

/* Somebody who tries a configuration in a namespace must not change what this machine boots. */
static int check_place(const struct hold *hold)
{
	struct here there = { 0 };
	if (hold->request->state_dir || !place_read(hold, &there) ||
	    !here_is_boot(&there, &hold->here) || here_equal(&there, &hold->here))
		return STATUS_DONE;
	program_fail(STATUS_SYSTEM, "%s is in use by another network namespace", STORE_DEFAULT);
	fprintf(stderr, "  help: --state-dir names one for this namespace, or this one all the "
			"same\n");
	return STATUS_SYSTEM;
}

int hold_take(const struct request *request, enum hold_kind kind, struct hold *out)
{
	autohold struct hold hold = HOLD_NONE;
	hold.request = request;

	if (!may_change_network())
		return program_fail(STATUS_SYSTEM, "this needs CAP_NET_ADMIN: run it as root");
	int error = here_read(&hold.here);
	if (error)
		return program_fail(STATUS_SYSTEM, "cannot tell the network namespace: %s",
				    strerror(-error));
	hold.network_lock = lock_take(request->wait);
	if (hold.network_lock < 0)
		return lock_fail("the network namespace", hold.network_lock);
	int status = open_store(kind, &hold);
	if (status == STATUS_DONE && kind != HOLD_BOOT)
		status = check_place(&hold);
	if (status != STATUS_DONE)
		return status;
	*out = hold;
	hold = (struct hold)HOLD_NONE;
	return STATUS_DONE;
}

void hold_release(struct hold *hold)
{
	lock_release(&hold->store_lock);
	lock_release(&hold->network_lock);
	store_close(&hold->store);
	*hold = (struct hold)HOLD_NONE;
}

int hold_settle(const struct hold *hold)
{
	struct here there = { 0 };
	if (place_read(hold, &there) && here_equal(&there, &hold->here))
		return 0;
	json_auto_t *place = json_pack("{s:s, s:I}", "boot", hold->here.boot, "network",
				       (json_int_t)hold->here.network);
	autofree char *text = json_dumps(place, JSON_INDENT(2));
	return text ? store_write(&hold->store, place_name, text_of(text)) : -ENOMEM;
}
