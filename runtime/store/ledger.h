/* Host settings as they were before flywall (before.json), so that what a later configuration does
 * not mention gets its old value back. It holds in one network namespace until the machine
 * restarts, as the settings do. */
#pragma once
#include "flywall/flywall.h"
#include "runtime/store/here.h"
#include "runtime/store/store.h"

struct ledger {
	VEC(struct flywall_setting) all; /* kind, key and the value before; NULL: it is lost */
};

/* NULL, or why the file cannot be used; the ledger is empty then, as where there is no file or it
 * is about another place. */
must_check const char *ledger_read(struct arena *arena, const struct store *store,
				   const struct here *here, struct ledger *out);

/* Keeps a damaged file for people to look at. 0, or -errno. */
#define LEDGER_DAMAGED_NAME "before.json.damaged"
must_check int ledger_keep_damaged(const struct store *store);

/* Notes the value of a setting, NULL where it is lost, unless the setting is there already. */
void ledger_add(struct arena *arena, struct ledger *ledger, const struct flywall_setting *setting,
		const char *value);

bool ledger_has(const struct ledger *ledger, const struct flywall_setting *setting);
void ledger_drop(struct ledger *ledger, const struct flywall_setting *setting);

/* 0, or -errno. */
must_check int ledger_write(struct arena *arena, const struct store *store, const struct here *here,
			    const struct ledger *ledger);
