/* libflywall: compile a configuration, write out what it became, and find the source of a line. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

/* One compilation: the files read, the messages, and the ruleset where there was no error. */
struct flywall;

/* A new compilation. Never NULL: running out of memory ends the process with status 3. */
struct flywall *flywall_new(void);

/* Gives it back with all that was got from it. NULL is allowed. */
void flywall_free(struct flywall *flywall);

/* Warnings count as errors from here on. */
void flywall_set_strict(struct flywall *flywall, bool strict);

/* Whether the function env may read this process's environment; at first it may not. */
void flywall_allow_environment(struct flywall *flywall, bool allow);

/* Rules stay as they are written, one by one, instead of becoming look-ups. */
void flywall_set_as_written(struct flywall *flywall, bool is_as_written);

/* Adds a file, all `*.hcl` of a directory in name order, or standard input ("-"). What cannot be
 * read becomes a message. */
void flywall_add(struct flywall *flywall, const char *path);

/* Adds a text as if it were the file `name`; both are copied. */
void flywall_add_text(struct flywall *flywall, const char *name, const char *text, size_t size);

/* Gives `variable "NAME"` a value: "NAME=EXPR", which stays the caller's and lives as long as the
 * compilation. Mistakes in it become messages. */
void flywall_define(struct flywall *flywall, const char *definition);

/* Reads the syntax of what was added, once. True: there are no errors so far. FLYWALL_VALUES needs
 * no more than this. */
bool flywall_parse(struct flywall *flywall);

/* Compiles what was added, once; parses it first unless that was done. True: there is a ruleset.
 * False: there are errors, and nothing may be written. */
bool flywall_compile(struct flywall *flywall);

/* The messages so far, sorted by place, as text with the source line and a caret. At most `limit`
 * errors are shown (0: all) and the rest counted. */
void flywall_messages(struct flywall *flywall, FILE *out, uint32_t limit, bool colour);

/* All messages so far for programs: one JSON object a line, or one workflow command of GitHub's. */
enum flywall_annotation { FLYWALL_ANNOTATE_JSON, FLYWALL_ANNOTATE_GITHUB };
void flywall_annotate(struct flywall *flywall, enum flywall_annotation annotation, FILE *out);

uint32_t flywall_errors(const struct flywall *flywall);
uint32_t flywall_warnings(const struct flywall *flywall);

/* What can be written out. */
enum flywall_form {
	FLYWALL_RULESET, /* an nft(8) batch */
	FLYWALL_JSON,	 /* the same as libnftables JSON */
	FLYWALL_SYSCTL,	 /* a sysctl.d(5) fragment */
	FLYWALL_MODULES, /* modprobe.d(5) and modules-load.d(5) fragments */
	FLYWALL_VALUES,	 /* the evaluated configuration as JSON, without schema */
	FLYWALL_IR,	 /* the intermediate form as YAML */
	FLYWALL_NAMES,	 /* what the numbers in marks are called, as JSON */
	FLYWALL_IP,	 /* ip(8) commands for the routing that the ruleset relies on */
};

/* Adds the warnings that only this form brings: between flywall_compile and flywall_messages. False
 * where they count as errors. */
bool flywall_check_form(struct flywall *flywall, enum flywall_form form);

/* The form of that name ("ruleset", "json", ...); false where there is none. */
bool flywall_form_find(const char *name, enum flywall_form *form);

/* Writes a form. For FLYWALL_VALUES flywall_parse has returned true, for the others
 * flywall_compile. Evaluating for FLYWALL_VALUES may find errors: ask flywall_errors afterwards.
 */
void flywall_emit(struct flywall *flywall, enum flywall_form form, FILE *out);

/* The place in the source that line `line` (from 1) of the emitted ruleset came from, as
 * "file:line:col", and its source line; false where the line came from nowhere in particular. The
 * texts live as long as the compilation. */
struct flywall_place {
	const char *place;   /* "office.hcl:14:8" */
	const char *content; /* the source line */
	const char *subject; /* "policy lan -> wan, rule \"web\""; NULL: no block has it */
};
bool flywall_line_place(struct flywall *flywall, uint32_t line, struct flywall_place *place);

/* What of the configuration that line came from, for whoever asks about many lines: columns take
 * long where source lines are. False where it came from nowhere in particular. */
struct flywall_origin {
	const char *subject;   /* "policy lan -> wan, rule \"web\"" */
	const char *file;      /* "office.hcl" */
	uint32_t line;	       /* from 1 */
	uint32_t subject_line; /* where the subject begins, in the same file */
};
bool flywall_line_origin(struct flywall *flywall, uint32_t line, struct flywall_origin *origin);

/* A setting of the host that the ruleset relies on. */
struct flywall_setting {
	enum { FLYWALL_SET_SYSCTL, FLYWALL_SET_MODULE_PARAMETER } kind;
	const char *key; /* "net.netfilter.nf_conntrack_max", "nf_conntrack_ftp.loose" */
	const char *value;
	bool init_only; /* writable in the first network namespace alone */
	bool global;	/* one value for all network namespaces */
	struct flywall_place place;
};
size_t flywall_settings(struct flywall *flywall, const struct flywall_setting **settings);

/* A routing rule: packets whose mark has these bits are routed by that table; with mask 0, those
 * that begin on this machine. */
struct flywall_ip_rule {
	uint8_t family; /* 4 or 6 */
	uint32_t priority;
	uint32_t mark, mask;
	uint32_t table;
	struct flywall_place place;
};
size_t flywall_ip_rules(struct flywall *flywall, const struct flywall_ip_rule **rules);

/* A route of such a table. Addresses in network byte order; an IPv4 address has the first four
 * bytes. */
struct flywall_ip_route {
	uint8_t family;	   /* 4 or 6 */
	uint8_t to[16];	   /* where to */
	uint8_t to_length; /* bits; 0: everywhere */
	bool has_gateway;  /* else its destination is on the link */
	uint8_t gateway[16];
	const char *interface; /* NULL where `copies_connected` */
	uint32_t table;
	/* Not one route, but all of the main table that have no gateway, as they are at the time.
	 */
	bool copies_connected;
	struct flywall_place place;
};
size_t flywall_ip_routes(struct flywall *flywall, const struct flywall_ip_route **routes);

/* What the kernel must have, beyond what every kernel with nftables has. */
struct flywall_requirement {
	enum {
		FLYWALL_NEEDS_FLOWTABLE,
		FLYWALL_NEEDS_SYNPROXY,
		FLYWALL_NEEDS_DAYS, /* the days of the machine's own time zone */
	} need;
	bool is_optional; /* the ruleset may be loaded without what needs it */
	struct flywall_place place;
};
size_t flywall_requirements(struct flywall *flywall, const struct flywall_requirement **list);

/* Leaves out of the ruleset what needs this. Between flywall_compile and flywall_emit. */
void flywall_do_without(struct flywall *flywall, const struct flywall_requirement *requirement);

/* A file that was read, under the name that messages have for it. */
struct flywall_source {
	const char *name;
	const char *text;
	size_t size;
};
size_t flywall_sources(struct flywall *flywall, const struct flywall_source **sources);

/* How this machine is managed: what zones write as `management`, one for each way into the zone. */
struct flywall_management {
	const char *zone;
	const char *protocol; /* "tcp", "udp", "icmp" */
	uint16_t port;	      /* 0: the protocol has none */
	/* Names, or beginnings ended by '*'; addresses or prefixes, of the way and of its zone;
	 * hardware addresses. Any of them, or any at all where there are none. */
	const char *const *interfaces, *const *sources, *const *networks, *const *destinations,
										  *const *macs;
	size_t interfaces_n, sources_n, networks_n, destinations_n, macs_n;
};
size_t flywall_management(struct flywall *flywall, const struct flywall_management **list);

/* Kernel modules that the ruleset needs. */
size_t flywall_modules(struct flywall *flywall, const char *const **modules);

/* What the ruleset owns, so that what a former one left behind can be told apart: the table's name
 * (its family is inet) and the names in it. */
enum flywall_thing { FLYWALL_CHAIN, FLYWALL_SET, FLYWALL_MAP, FLYWALL_OBJECT, FLYWALL_FLOWTABLE };
const char *flywall_table(const struct flywall *flywall);
bool flywall_owns(const struct flywall *flywall, enum flywall_thing thing, const char *name);

/* What a message's code ("E0304", in any case) stands for: its title, a longer explanation,
 * and lines of HCL that lead to it and that are right (NULL where there are none); false where
 * there is no such code. */
struct flywall_explanation {
	const char *code, *title, *text, *wrong, *right;
};
bool flywall_explain(const char *code, struct flywall_explanation *explanation);

/* All of them, in the order of the codes: from 0 until it gives false. */
bool flywall_explanation_at(size_t index, struct flywall_explanation *explanation);

/* The reference of the language in Markdown, and the JSON Schema of a configuration. */
void flywall_manual(FILE *out);
void flywall_schema(FILE *out);

const char *flywall_version(void);

#ifdef __cplusplus
}
#endif
