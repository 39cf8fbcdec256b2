#include "value/functions/library.h"

#include "base/arena.h"

static const struct refused_function refused[] = {
	{ "bcrypt", "its result is another one each time",
	  "write the hash out, or keep it in a file and read that" },
	{ "plantimestamp", "the same configuration compiles to the same ruleset at all times",
	  "write the time out as a string" },
	{ "rsadecrypt", "a firewall's configuration needs no private keys",
	  "decrypt before compiling, and read the result with file" },
	{ "timestamp", "the same configuration compiles to the same ruleset at all times",
	  "write the time out as a string, which formatdate and timeadd take" },
	{ "uuid", "its result is another one each time", "write the identifier out as a string" },
};

static const struct refused_function refused_in_templates[] = {
	{ "templatefile", "a template could call itself without end",
	  "call it outside, and hand its text over as one of the names" },
};

/* The last family is not for templates. */
static const struct function_family *const families[] = {
	&cidr_functions,     &list_functions,	  &map_functions,     &set_functions,
	&string_functions,   &format_functions,	  &pattern_functions, &conversion_functions,
	&encoding_functions, &number_functions,	  &hash_functions,    &date_functions,
	&file_functions,     &template_functions,
};

const struct functions function_library = {
	.families = families,
	.n = countof(families),
	.refused = refused,
	.refused_n = countof(refused),
};

const struct functions template_library = {
	.families = families,
	.n = countof(families) - 1,
	.refused = refused_in_templates,
	.refused_n = countof(refused_in_templates),
};
