#include "runtime/load.h"

#include <stdio.h>
#include <string.h>

#include <nftables/libnftables.h>

void connection_close(struct nft_ctx **connection)
{
	if (*connection)
		nft_ctx_free(*connection);
	*connection = NULL;
}

#define autonftables __attribute__((cleanup(connection_close)))

/* Each run has a connection of its own: libnftables keeps what a check has put into its cache,
 * takes it for the kernel's, and would send it along with the next batch. NULL: out of memory. */
static struct nft_ctx *nftables_open(void)
{
	struct nft_ctx *nftables = nft_ctx_new(NFT_CTX_DEFAULT);

	if (nftables && (nft_ctx_buffer_error(nftables) || nft_ctx_buffer_output(nftables)))
		connection_close(&nftables);
	return nftables;
}

static char *copy_of(const char *text)
{
	return strdup(text ? text : "");
}

static bool run(struct nft_ctx *nftables, const char *path, enum load_kind kind, char **messages)
{
	if (!nftables) {
		*messages = copy_of("out of memory\n");
		return false;
	}
	nft_ctx_set_dry_run(nftables, kind == LOAD_CHECK);
	/* Only from a file: for a buffer libnftables tells no line. */
	if (nft_run_cmd_from_filename(nftables, path) == 0)
		return true;
	*messages = copy_of(nft_ctx_get_error_buffer(nftables));
	return false;
}

bool ruleset_load(const char *path, enum load_kind kind, char **messages)
{
	autonftables struct nft_ctx *nftables = nftables_open();

	return run(nftables, path, kind, messages);
}

struct fd_path {
	char text[32];
};

static struct fd_path path_of(int fd)
{
	struct fd_path path;
	snprintf(path.text, sizeof path.text, "/proc/self/fd/%d", fd);
	return path;
}

bool ruleset_load_fd(int fd, enum load_kind kind, char **messages)
{
	return ruleset_load(path_of(fd).text, kind, messages);
}

bool ruleset_commit_fd(int fd, struct nft_ctx **connection, char **messages)
{
	*connection = nftables_open();
	return run(*connection, path_of(fd).text, LOAD_COMMIT, messages);
}

bool ruleset_check_text(const char *ruleset, char **messages)
{
	autonftables struct nft_ctx *nftables = nftables_open();

	if (!nftables) {
		*messages = copy_of("out of memory");
		return false;
	}
	nft_ctx_set_dry_run(nftables, true);
	bool passes = nft_run_cmd_from_buffer(nftables, ruleset) == 0;
	*messages = copy_of(nft_ctx_get_error_buffer(nftables));
	return passes;
}

bool nftables_run(const char *command, char **result)
{
	autonftables struct nft_ctx *nftables = nftables_open();

	if (!nftables) {
		*result = copy_of("out of memory");
		return false;
	}
	nft_ctx_output_set_flags(nftables, NFT_CTX_OUTPUT_STATELESS);
	bool done = nft_run_cmd_from_buffer(nftables, command) == 0;
	*result = copy_of(done ? nft_ctx_get_output_buffer(nftables)
			       : nft_ctx_get_error_buffer(nftables));
	return done;
}
