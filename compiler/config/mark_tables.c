#include "config/written_more.h"

#include "config/marks.h"
#include "config/names.h"
#include "schema/schema.h"

/* What rules with conditions have besides. */
#define SHARED_ROWS                                                                                \
	{ .name = "disabled",                                                                      \
	  BOOL_ROW(OWNER, disabled),                                                               \
	  .value = "false",                                                                        \
	  .example = "true",                                                                       \
	  .doc = "Whether the block is checked and then left out." },                              \
		{ .name = "enabled",                                                               \
		  BOOL_ROW(OWNER, enabled),                                                        \
		  .value = "true",                                                                 \
		  .example = "true",                                                               \
		  .doc = "The opposite of disabled." },                                            \
		{ .name = "description",                                                           \
		  TEXT_ROW(OWNER, description),                                                    \
		  .alias = "comment",                                                              \
		  .example = "\"telephones\"",                                                     \
		  .doc = "A remark." },                                                            \
		{ .name = "from",                                                                  \
		  TEXT_ROW(OWNER, from),                                                           \
		  .alias = "src_zone from_zone source_zone zone",                                  \
		  .example = "\"lan\"",                                                            \
		  .doc = "The zone that packets come from; by default any." },                     \
		CONDITION_ROWS(OWNER, conditions)

#define OWNER struct written_mark_rule
static const struct row mark_rule_rows[] = {
	{ .name = "set_mark",
	  TEXT_ROW(OWNER, set_mark),
	  .read = mark_read,
	  .example = "\"0x10/0xff\"",
	  .doc = "The mark that connections get, in bits 0 to 11; without it, mark is what they "
		 "get." },
	{ .name = "mask",
	  TEXT_ROW(OWNER, mask),
	  .read = mark_read,
	  .example = "\"0xff\"",
	  .doc = "The bits of the mark that are set; by default bits 0 to 11." },
	{ .name = "save",
	  BOOL_ROW(OWNER, save),
	  .alias = "save_mark",
	  .value = "false",
	  .example = "true",
	  .doc = "Whether the packet's mark becomes the connection's." },
	{ .name = "restore",
	  BOOL_ROW(OWNER, restore),
	  .alias = "restore_mark",
	  .value = "false",
	  .example = "true",
	  .doc = "Whether the connection's mark becomes the packet's." },
	{ .name = "to",
	  TEXT_ROW(OWNER, to),
	  .alias = "dest_zone to_zone dst_zone",
	  .example = "\"wan\"",
	  .doc = "The zone that packets go to; by default any." },
	SHARED_ROWS,
};
const struct table mark_rule_table = { .noun = "mark_rule",
				       ROWS(mark_rule_rows),
				       .size = sizeof(OWNER),
				       .at = OFFSET_OF(struct span, OWNER, at),
				       .label = OFFSET_OF(struct field_text, OWNER, name) };
#undef OWNER

#define OWNER struct written_notrack
static const struct row notrack_rows[] = { SHARED_ROWS };
const struct table notrack_table = { .noun = "notrack",
				     ROWS(notrack_rows),
				     .size = sizeof(OWNER),
				     .at = OFFSET_OF(struct span, OWNER, at),
				     .label = OFFSET_OF(struct field_text, OWNER, name) };
#undef OWNER

#define OWNER struct written_synproxy
static const struct row synproxy_rows[] = {
	{ .name = "mss",
	  NUMBER_ROW(OWNER, mss),
	  .low = 536,
	  .high = 65495,
	  .value = "1460",
	  .example = "1460",
	  .doc = "The largest segment that clients are offered." },
	{ .name = "wscale",
	  NUMBER_ROW(OWNER, wscale),
	  .alias = "window_scale",
	  .high = 14,
	  .value = "7",
	  .example = "7",
	  .doc = "The window scaling that clients are offered; the servers' own." },
	{ .name = "timestamp",
	  BOOL_ROW(OWNER, timestamp),
	  .alias = "timestamps",
	  .value = "true",
	  .example = "true",
	  .doc = "Whether clients are offered timestamps." },
	{ .name = "sack",
	  BOOL_ROW(OWNER, sack),
	  .alias = "sack_perm",
	  .value = "true",
	  .example = "true",
	  .doc = "Whether clients are offered selective acknowledgements." },
	SHARED_ROWS,
};
const struct table synproxy_table = { .noun = "synproxy",
				      ROWS(synproxy_rows),
				      .size = sizeof(OWNER),
				      .at = OFFSET_OF(struct span, OWNER, at),
				      .label = OFFSET_OF(struct field_text, OWNER, name) };
#undef OWNER
