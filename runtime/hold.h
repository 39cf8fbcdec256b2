/* What a command of flywall-apply was asked for, and what it holds while it works: the locks and
 * the state directory. */
#pragma once
#include "runtime/inputs.h"
#include "runtime/state/command.h"
#include "runtime/store/here.h"
#include "runtime/store/store.h"

/* The options. */
struct request {
	const char *state_dir; /* NULL: STORE_DEFAULT */
	struct inputs inputs;
	int wait;	  /* seconds for the locks; negative: as long as it takes */
	uint32_t confirm; /* seconds until it is taken back; 0: it stays */
	enum format format;
	bool is_preview, is_interactive;
};

/* Compiles the files and shows the messages; false where there are errors. */
must_check bool request_compile(const struct request *request, char *const paths[],
				struct flywall *flywall);

struct hold {
	const struct request *request;
	struct store store; /* fd -1: there is none, and it was not to be made */
	struct here here;
	int network_lock, store_lock;
};

#define HOLD_NONE                                                                                  \
	{                                                                                          \
		.store = STORE_NONE, .network_lock = -1, .store_lock = -1                          \
	}

enum hold_kind {
	HOLD_READ,  /* the directory may be missing */
	HOLD_BOOT,  /* as well, and whoever had it before is gone */
	HOLD_WRITE, /* it must be there */
	HOLD_MAKE,  /* it is made */
};

/* Takes the locks and opens the directory. Says what failed; returns the exit status. */
must_check int hold_take(const struct request *request, enum hold_kind kind, struct hold *out);
void hold_release(struct hold *hold);

#define autohold __attribute__((cleanup(hold_release)))

/* Notes that this network namespace is the one of the state directory. 0, or -errno. */
must_check int hold_settle(const struct hold *hold);
