/* Reading and writing other formats. */
#pragma once
#include "value/functions.h"

struct value run_csvdecode(struct call *call);
struct value run_jsondecode(struct call *call);
struct value run_jsonencode(struct call *call);
struct value run_yamldecode(struct call *call);
struct value run_yamlencode(struct call *call);

/* Says what is wrong at an offset of the first argument's text, with its line and column there. */
struct value text_refuse(const struct call *call, struct text text, size_t at, const char *why);
