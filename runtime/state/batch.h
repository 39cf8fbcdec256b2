/* Many small requests about single connections, sent together. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "runtime/scope.h"
#include "runtime/state/connection.h"

struct nlmsghdr;

/* What names a connection to the kernel. */
struct target {
	struct tuple original;
	uint16_t zone;
	uint32_t id;
};

/* Connections found by a dump: target_add is a dump's `entry`, TARGET_FIELDS what it reads. */
struct targets {
	struct target *at;
	size_t n, room;
};
enum { TARGET_FIELDS = FIELD_ORIGINAL | FIELD_ZONE | FIELD_ID };

bool target_add(void *targets, const struct connection *connection);
void targets_free(struct targets *targets);

#define autotargets __attribute__((cleanup(targets_free)))

/* How it went. */
struct batch_result {
	uint64_t done;
	uint64_t gone; /* were no longer there */
	uint64_t held; /* belong to a flow table, which the kernel does not touch */
};

/* Sends one request of `type` (IPCTNL_MSG_CT_*) about each target; `put` (or NULL) adds what is
 * more to say. 0, or -errno: the kernel refused for another reason, and `out` says how far it came.
 */
must_check int batch_send(const struct targets *targets, uint16_t type,
			  void (*put)(void *context, struct nlmsghdr *request), void *context,
			  struct batch_result *out);

/* "deleted 5 connections; 1 gone already", with `done` as its first word. */
enum { BATCH_TEXT_MAX = 192 };
void batch_text(const struct batch_result *result, const char *done, char out[BATCH_TEXT_MAX]);
