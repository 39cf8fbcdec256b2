/* All functions that configurations can call. */
#pragma once
#include <stdio.h>

#include "value/functions.h"

/* The families, each sorted by name, and what is left out on purpose. */
extern const struct functions function_library;

/* The same for templates, which cannot call for other templates. */
extern const struct functions template_library;

/* The part of the manual that tells of them, in Markdown. */
void functions_manual(struct arena *arena, FILE *out);

extern const struct function_family cidr_functions, list_functions, map_functions, set_functions,
	string_functions, format_functions, pattern_functions, conversion_functions,
	encoding_functions, number_functions, hash_functions, date_functions, file_functions,
	template_functions;
