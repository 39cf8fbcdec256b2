/* What is said of packets. */
#pragma once
#include "base/text.h"

struct complaint;
struct logging;
struct scope;

/* The beginning of a log message: printable, and no longer than the kernel takes. */
const char *logging_prefix_read(struct scope *scope, struct text text, struct complaint *complaint);

/* A prefix or a limit without `log` means that there is to be a message. */
void logging_resolve(struct logging *logging);

enum { LOG_PREFIX_MAX = 127 };
