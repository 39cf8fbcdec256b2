#include "runtime/refusal.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "flywall/flywall.h"
#include "runtime/memory.h"
#include "runtime/program.h"
#include "runtime/report.h"
#include "runtime/scope.h"

/* libnftables puts the kernel's error behind this; anything else is its own opinion. */
static const char from_kernel[] = "Could not process rule: ";

/* What a kernel may be built without. The first row whose text stands in the refused line (for an
 * object: in its block) is what is missing. */
static const struct feature features[] = {
	/* clang-format off */
	{ "type \"amanda\"",     "the amanda helper",           "nf_conntrack_amanda",     "NF_CONNTRACK_AMANDA" },
	{ "type \"ftp\"",        "the ftp helper",              "nf_conntrack_ftp",        "NF_CONNTRACK_FTP" },
	{ "type \"Q.931\"",      "the h323 helper",             "nf_conntrack_h323",       "NF_CONNTRACK_H323" },
	{ "type \"RAS\"",        "the h323 helper",             "nf_conntrack_h323",       "NF_CONNTRACK_H323" },
	{ "type \"irc\"",        "the irc helper",              "nf_conntrack_irc",        "NF_CONNTRACK_IRC" },
	{ "type \"netbios-ns\"", "the netbios-ns helper",       "nf_conntrack_netbios_ns", "NF_CONNTRACK_NETBIOS_NS" },
	{ "type \"pptp\"",       "the pptp helper",             "nf_conntrack_pptp",       "NF_CONNTRACK_PPTP" },
	{ "type \"sane\"",       "the sane helper",             "nf_conntrack_sane",       "NF_CONNTRACK_SANE" },
	{ "type \"sip\"",        "the sip helper",              "nf_conntrack_sip",        "NF_CONNTRACK_SIP" },
	{ "type \"snmp\"",       "the snmp helper",             "nf_conntrack_snmp",       "NF_CONNTRACK_SNMP" },
	{ "type \"tftp\"",       "the tftp helper",             "nf_conntrack_tftp",       "NF_CONNTRACK_TFTP" },
	{ "type nat hook",       "NAT",                         "nft_chain_nat",           "NFT_NAT" },
	{ "protocol sctp;",      "connection tracking of SCTP", "nf_conntrack",            "NF_CT_PROTO_SCTP" },
	{ "protocol udplite;",   "connection tracking of UDP-Lite", "nf_conntrack",        "NF_CT_PROTO_UDPLITE" },
	{ "ct timeout",          "timeouts by rule",            "nft_ct",                  "NF_CONNTRACK_TIMEOUT" },
	{ "ct event",            "events by rule",              "nft_ct",                  "NF_CONNTRACK_EVENTS" },
	{ "ct count",            "limits of connections",       "nft_connlimit",           "NFT_CONNLIMIT" },
	{ "zone set",            "zones of connection tracking", "nft_ct",                 "NF_CONNTRACK_ZONES" },
	{ "fib ",                "look-ups of routes",          "nft_fib_inet",            "NFT_FIB_INET" },
	{ "flowtable",           "flow tables",                 "nf_flow_table_inet",      "NF_FLOW_TABLE_INET" },
	{ "flow add",            "flow offload",                "nft_flow_offload",        "NFT_FLOW_OFFLOAD" },
	{ "synproxy",            "synproxy",                    "nft_synproxy",            "NFT_SYNPROXY" },
	{ "tproxy",              "transparent proxying",        "nft_tproxy",              "NFT_TPROXY" },
	{ "socket ",             "look-ups of sockets",         "nft_socket",              "NFT_SOCKET" },
	{ "osf ",                "fingerprints of systems",     "nft_osf",                 "NFT_OSF" },
	{ "quota",               "quotas",                      "nft_quota",               "NFT_QUOTA" },
	{ "queue",               "queues to programs",          "nft_queue",               "NFT_QUEUE" },
	{ "jhash",               "hashes",                      "nft_hash",                "NFT_HASH" },
	{ "numgen",              "number generators",           "nft_numgen",              "NFT_NUMGEN" },
	{ "masquerade",          "masquerading",                "nft_masq",                "NFT_MASQ" },
	{ "redirect",            "redirection",                 "nft_redir",               "NFT_REDIR" },
	{ "snat ",               "address translation",         "nft_nat",                 "NFT_NAT" },
	{ "dnat ",               "address translation",         "nft_nat",                 "NFT_NAT" },
	{ "reject",              "reject",                      "nft_reject_inet",         "NFT_REJECT_INET" },
	{ "log prefix",          "logging",                     "nft_log",                 "NFT_LOG" },
	{ "limit ",              "rate limits",                 "nft_limit",               "NFT_LIMIT" },
	{ "ct mark",             "marks of connections",        "nft_ct",                  "NF_CONNTRACK_MARK" },
	{ "notrack",             "exemption from connection tracking", "nft_ct",           "NFT_CT" },
	{ "ct ",                 "connection tracking by rule", "nft_ct",                  "NFT_CT" },
	/* clang-format on */
};

/* What else the kernel's errors mean here. */
static const struct meaning {
	int error;
	const char *text; /* in the refused line; NULL: any */
	const char *help;
} meanings[] = {
	/* clang-format off */
	{ EOPNOTSUPP, "table inet", "the kernel lacks tables of family inet (CONFIG_NF_TABLES_INET)" },
	{ EAFNOSUPPORT, NULL,   "the kernel lacks tables of family inet (CONFIG_NF_TABLES_INET)" },
	{ EOPNOTSUPP, "meta hour", "the kernel is older than Linux 5.4: it knows no times of day in rules" },
	{ EOPNOTSUPP, "meta day", "the kernel is older than Linux 5.4: it knows no days in rules" },
	{ EOPNOTSUPP, " hook ", "a chain of this name with another hook or priority stands in the table, not made by flywall-apply: delete it first" },
	{ EEXIST,     " hook ", "a chain of this name and another kind stands in the table, not made by flywall-apply: delete it first" },
	{ EEXIST,     NULL,     "something of this name, but of another type or with other flags, stands in the table, not made by flywall-apply: delete it first" },
	{ ENOENT, "ct timeout set", "the object that it names is gone: another program has changed the table meanwhile; apply again" },
	{ EBUSY,      NULL,     "something that another program added to the table still uses it" },
	{ EPERM,      NULL,     "another program owns the table ('flags owner' in nft list ruleset): end that program first; where none does, run this as root" },
	{ EMSGSIZE,   NULL,     "without root, net.core.wmem_max limits how much the kernel takes at once: run it as root" },
	{ ENFILE,     NULL,     "the set is full" },
	{ ENOSPC,     NULL,     "the set is full" },
	{ ENOMEM,     NULL,     "the kernel is out of memory" },
	{ EMLINK,     NULL,     "chains jump too deep: the kernel follows 16" },
	/* clang-format on */
};

/* Reads "LINE:COLUMN-END" that ends at `end`; what stands before is the name of a file. */
static void location_parse(const char *start, const char *end, struct refusal *refusal)
{
	unsigned line, column, last;
	int read = 0;

	/* A file's name may hold colons: the numbers are behind the last two. */
	const char *at = end;
	for (int colons = 0; at > start && colons < 2;)
		colons += *--at == ':';
	if (*at == ':' && sscanf(at, ":%u:%u-%u%n", &line, &column, &last, &read) == 3 &&
	    at + read == end) {
		refusal->line = line;
		refusal->column = column;
		refusal->end = last;
	}
}

void refusals_parse(struct arena *arena, const char *messages, struct refusals *out)
{
	static const char mark[] = ": Error: ";

	while (*messages) {
		const char *end = strchrnul(messages, '\n');
		const char *found = memmem(messages, (size_t)(end - messages), mark, strlen(mark));
		/* Quoted lines of the ruleset have blanks ahead of anything like the mark. */
		if (found && strcspn(messages, " \t") > (size_t)(found - messages)) {
			const char *words = found + strlen(mark);
			struct refusal *refusal = push(arena, out);
			location_parse(messages, found, refusal);
			refusal->words =
				text_copy(arena, (struct text){ words, (size_t)(end - words) });
		}
		messages = *end ? end + 1 : end;
	}
}

/* Line `number` of the ruleset, without the blanks ahead of it. Where `whole` and it opens a block,
 * the block belongs to it. */
static struct text line_find(const struct memory *ruleset, uint32_t number, bool whole)
{
	const char *at = ruleset->text, *end = ruleset->text + ruleset->size;

	for (uint32_t i = 1; number && i < number && at; i++) {
		at = memchr(at, '\n', (size_t)(end - at));
		at = at ? at + 1 : at;
	}
	if (!number || !at || at == end)
		return TEXT("");
	const char *feed = memchr(at, '\n', (size_t)(end - at));
	feed = feed ? feed : end;
	while (at < feed && (*at == ' ' || *at == '\t'))
		at++;
	struct text line = { at, (size_t)(feed - at) };
	if (whole && line.n && line.s[line.n - 1] == '{') {
		const char *close = memchr(line.s, '}', (size_t)(end - line.s));
		line.n = close ? (size_t)(close - line.s) : line.n;
	}
	return line;
}

static bool text_has(struct text text, const char *part)
{
	return memmem(text.s, text.n, part, strlen(part)) != NULL;
}

/* The errno value whose text the words end with; 0 where it is libnftables that refused. */
static int error_of(const char *words)
{
	static const int known[] = { ENOENT, EOPNOTSUPP, EEXIST, EBUSY,	 EPERM,	 EMSGSIZE,
				     ENFILE, ENOSPC,	 ENOMEM, EMLINK, EINVAL, EAFNOSUPPORT };
	size_t n = strlen(words);

	for (size_t i = 0; i < countof(known); i++) {
		const char *text = strerror(known[i]);
		size_t length = strlen(text);
		if (length <= n && strcmp(words + n - length, text) == 0)
			return known[i];
	}
	return 0;
}

static bool is_part_of_name(char c)
{
	return isalnum((unsigned char)c) || c == '_' || c == '-';
}

/* As words of nft, not as a part of somebody's name: neither in "nd-redirect" nor in "@queue". */
static bool text_has_words(struct text text, const char *words)
{
	size_t n = strlen(words);
	const char *end = text.s + text.n, *at = text.s;

	while ((at = memmem(at, (size_t)(end - at), words, n))) {
		bool begins = at == text.s || !(is_part_of_name(at[-1]) || at[-1] == '@');
		if (begins &&
		    (!is_part_of_name(words[n - 1]) || at + n == end || !is_part_of_name(at[n])))
			return true;
		at++;
	}
	return false;
}

/* The line without what a user has named in it: the comment, and all that is behind. */
static struct text without_comment(struct text line)
{
	static const char comment[] = " comment \"";
	const char *at = memmem(line.s, line.n, comment, sizeof comment - 1);
	return at ? (struct text){ line.s, (size_t)(at - line.s) } : line;
}

const struct feature *feature_find(struct text refused, struct text block)
{
	const struct text texts[] = { without_comment(refused), without_comment(block) };
	for (size_t k = 0; k < countof(texts); k++)
		for (size_t i = 0; texts[k].n > 0 && i < countof(features); i++)
			if (text_has_words(texts[k], features[i].text))
				return &features[i];
	return NULL;
}

/* What of the line libnftables points at: the one statement, where it knows. */
static struct text refused_part(const struct memory *ruleset, struct text line,
				const struct refusal *refusal)
{
	uint32_t indent = 0;
	while (line.n > 0 && line.s - indent > ruleset->text && line.s[-1 - (int)indent] == '\t')
		indent++;
	if (refusal->column <= indent || refusal->end < refusal->column)
		return TEXT("");
	size_t start = refusal->column - 1 - indent;
	size_t n = refusal->end - refusal->column + 1;
	if (start >= line.n)
		return TEXT("");
	return (struct text){ line.s + start, n < line.n - start ? n : line.n - start };
}

static void report_reason(const struct report *report, int error, struct text refused,
			  struct text block)
{
	bool may_be_missing = error == ENOENT || error == EOPNOTSUPP;

	for (size_t i = 0; i < countof(meanings); i++)
		if (meanings[i].error == error &&
		    (!meanings[i].text || text_has(block, meanings[i].text))) {
			report_help(report, "%s", meanings[i].help);
			return;
		}
	const struct feature *feature = may_be_missing ? feature_find(refused, block) : NULL;
	if (feature)
		report_help(
			report,
			"the kernel lacks %s: load the module %s, or use a kernel with CONFIG_%s",
			feature->what, feature->module, feature->option);
}

/* "ct helper h_ftp {": the name is the word before the brace. */
static struct text declared_name(struct text line)
{
	const char *end = line.s + line.n - 1;
	while (end > line.s && end[-1] == ' ')
		end--;
	const char *name = end;
	while (name > line.s && name[-1] != ' ')
		name--;
	return (struct text){ name, (size_t)(end - name) };
}

/* Whether line `i` belongs to what an earlier refused line would have declared, or names it. */
static bool is_consequence(const struct memory *ruleset, const struct refusals *all, uint32_t i)
{
	struct text text = line_find(ruleset, all->at[i].line, false);

	for (uint32_t j = 0; j < i; j++) {
		struct text line = line_find(ruleset, all->at[j].line, false);
		if (!line.n || line.s[line.n - 1] != '{')
			continue;
		struct text name = declared_name(line);
		struct text block = line_find(ruleset, all->at[j].line, true);
		if (text.s > block.s && text.s < block.s + block.n)
			return true;
		if (name.n > 0 && memmem(text.s, text.n, name.s, name.n))
			return true;
	}
	return false;
}

static void refusal_report(const struct report *report, struct flywall *flywall,
			   const struct memory *ruleset, const struct refusal *refusal)
{
	struct flywall_place place;
	bool has_place = flywall_line_place(flywall, refusal->line, &place);
	bool is_kernel = strncmp(refusal->words, from_kernel, strlen(from_kernel)) == 0;
	struct text line = line_find(ruleset, refusal->line, false);
	struct text block = line_find(ruleset, refusal->line, true);

	report_message(report, REPORT_ERROR, has_place ? &place : NULL, "%s refused %s",
		       is_kernel ? "the kernel" : "nftables",
		       has_place ? "what this became" : "the ruleset");
	if (line.n)
		report_note(report, "line %u of the ruleset: %.*s", refusal->line, (int)line.n,
			    line.s);
	report_note(report, "nftables says: %s", refusal->words);
	report_reason(report, error_of(refusal->words), refused_part(ruleset, line, refusal),
		      block);
}

void refusals_report(const struct report *report, struct flywall *flywall,
		     const struct memory *ruleset, const char *messages)
{
	autoarena struct arena *arena = arena_new();
	struct refusals refusals = { 0 };

	refusals_parse(arena, messages, &refusals);
	/* Who may change nothing is told so for each line. */
	if (refusals.n > 0 && error_of(refusals.at[0].words) == EPERM) {
		refusals.at[0].line = 0;
		refusals.n = 1;
	}
	uint32_t shown = 0;
	for (uint32_t i = 0; i < refusals.n && shown < ERRORS_SHOWN; i++) {
		if (is_consequence(ruleset, &refusals, i))
			continue;
		refusal_report(report, flywall, ruleset, &refusals.at[i]);
		shown++;
	}
	if (refusals.n > 0)
		return;
	const char *feed = strchrnul(messages, '\n');
	report_message(report, REPORT_ERROR, NULL, "%.*s", (int)(feed - messages), messages);
	fputs(*feed ? feed + 1 : feed, report->out);
}
