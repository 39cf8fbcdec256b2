/* All functions that configurations can call. */
#pragma once
#include "value/functions.h"

/* The families, each sorted by name, and what is left out on purpose. */
extern const struct functions function_library;

extern const struct function_family cidr_functions, list_functions, map_functions, set_functions,
	string_functions, format_functions, pattern_functions, conversion_functions,
	encoding_functions, number_functions, hash_functions, date_functions, file_functions;
