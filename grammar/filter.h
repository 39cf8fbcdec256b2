/* The parser's source of tokens. */
#pragma once
#include "hcl.tab.h"

int hcl_lex(HCL_STYPE *value, struct span *at, struct parser *parser);
