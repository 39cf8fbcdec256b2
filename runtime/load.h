/* The kernel's rulesets, through libnftables. */
#pragma once
#include <stdbool.h>

#include "runtime/scope.h"

/* How far to go with a ruleset. */
enum load_kind { LOAD_CHECK, LOAD_COMMIT };

/* Gives the ruleset in the file `path` to the kernel as one transaction; with LOAD_CHECK the kernel
 * checks it and drops it. True: accepted. False: nothing has changed, and `*messages` says why; it
 * belongs to the caller. */
must_check bool ruleset_load(const char *path, enum load_kind kind, char **messages);

/* The same with the ruleset in the open file `fd`. */
must_check bool ruleset_load_fd(int fd, enum load_kind kind, char **messages);

/* The same as LOAD_COMMIT, but the connection stays open in `*connection`, which belongs to the
 * caller: closing one waits until the kernel has taken apart what was deleted. */
struct nft_ctx;
must_check bool ruleset_commit_fd(int fd, struct nft_ctx **connection, char **messages);
void connection_close(struct nft_ctx **connection);

/* The same with a ruleset in memory, which is only checked. */
must_check bool ruleset_check_text(const char *ruleset, char **messages);

/* Runs a command and takes its output, without counts. True: done, and `*result` is what was
 * printed (perhaps empty). False: `*result` says why not. It belongs to the caller. */
must_check bool nftables_run(const char *command, char **result);
