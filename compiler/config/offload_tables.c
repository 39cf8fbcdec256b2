#include "config/written_more.h"

#include "config/names.h"
#include "config/offload.h"
#include "schema/schema.h"

/* clang-format off */
static const struct word offload_words[] = {
	{ "required",     NULL,           "A kernel without flow tables is an error." },
	{ "if-available", NULL,           "A kernel without flow tables does without." },
	{ "if_available", "if-available", "The same as if-available." },
	{ "optional",     "if-available", "The same as if-available." },
};
/* clang-format on */

#define OWNER struct written_flowtable
#define SHARED_ROWS                                                                                \
	{ .name = "enabled",                                                                       \
	  BOOL_ROW(OWNER, enabled),                                                                \
	  .value = "true",                                                                         \
	  .example = "true",                                                                       \
	  .doc = "Whether established connections bypass the rules." },                            \
		{ .name = "devices",                                                               \
		  TEXTS_ROW(OWNER, devices),                                                       \
		  .alias = "device interface interfaces",                                          \
		  .read = interface_read,                                                          \
		  .example = "[\"eth0\", \"eth1\"]",                                               \
		  .doc = "Interfaces between which connections are short cut; by default those "   \
			 "of all "                                                                 \
			 "zones." },                                                               \
		{ .name = "hardware",                                                              \
		  BOOL_ROW(OWNER, hardware),                                                       \
		  .alias = "hw_offload hardware_offload offload_hardware",                         \
		  .value = "false",                                                                \
		  .example = "true",                                                               \
		  .doc = "Whether network cards forward them by themselves." },                    \
		{ .name = "counter",                                                               \
		  BOOL_ROW(OWNER, counter),                                                        \
		  .value = "true",                                                                 \
		  .example = "false",                                                              \
		  .doc = "Whether their packets are counted in the connection table." },           \
		{ .name = "priority",                                                              \
		  NUMBER_ROW(OWNER, priority),                                                     \
		  .high = 1000,                                                                    \
		  .value = "0",                                                                    \
		  .example = "10",                                                                 \
		  .doc = "Where in the interface's hook they are looked up; lower comes first." }, \
		{ .name = "offload",                                                               \
		  TEXT_ROW(OWNER, offload),                                                        \
		  WORDS(offload_words),                                                            \
		  .value = "\"required\"",                                                         \
		  .example = "\"if-available\"",                                                   \
		  .doc = "What a kernel without flow tables means." },                             \
	{                                                                                          \
		.name = "description", TEXT_ROW(OWNER, description), .alias = "comment",           \
		.example = "\"bulk traffic\"", .doc = "A remark."                                  \
	}

static const struct row flowtable_rows[] = { SHARED_ROWS };

const struct table flowtable_table = {
	.noun = "flowtable",
	ROWS(flowtable_rows),
	.size = sizeof(OWNER),
	.at = OFFSET_OF(struct span, OWNER, at),
	.label = OFFSET_OF(struct field_text, OWNER, name),
};
const struct table flow_offload_table = {
	.noun = "flow_offload",
	ROWS(flowtable_rows),
	.size = sizeof(OWNER),
	.at = OFFSET_OF(struct span, OWNER, at),
};
#undef OWNER

#define OWNER struct written_mss
static const struct row mss_rows[] = {
	{ .name = "size",
	  TEXT_ROW(OWNER, size),
	  .alias = "mss max_size",
	  .read = mss_read,
	  .value = "\"pmtu\"",
	  .example = "1400",
	  .doc = "The largest segment in bytes, or \"pmtu\": what the route allows." },
	{ .name = "enabled",
	  BOOL_ROW(OWNER, enabled),
	  .value = "true",
	  .example = "true",
	  .doc = "Whether segments are made smaller." },
	{ .name = "interfaces",
	  TEXTS_ROW(OWNER, interfaces),
	  .alias = "interface out_interface out_interfaces",
	  .read = interface_read,
	  .example = "[\"ppp0\"]",
	  .doc = "Only for connections that leave by these; by default all." },
};
const struct table mss_table = { .noun = "mss_clamping",
				 ROWS(mss_rows),
				 .size = sizeof(OWNER),
				 .at = OFFSET_OF(struct span, OWNER, at) };
#undef OWNER
