/* Texts that have a form of their own. */
#pragma once
#include <stdbool.h>

#include "base/text.h"

struct complaint;
struct field_text;
struct scope;

/* An interface's name as the kernel takes it; a "+" at the end becomes "*". */
const char *interface_read(struct scope *scope, struct text text, struct complaint *complaint);

/* "aa:bb:cc:dd:ee:ff", in lower case. */
const char *mac_read(struct scope *scope, struct text text, struct complaint *complaint);

/* A version of the language. */
const char *version_read(struct scope *scope, struct text text, struct complaint *complaint);

/* Reports a zone's name that cannot stand in the kernel's names, or that is taken. */
void zone_name_check(struct scope *scope, const struct field_text *name);

/* Whether the name stands for this machine, as "self" does. */
bool zone_name_is_self(const char *name);

/* A name that is shown to people and stands in the kernel's comments: up to 64 bytes of printable
 * ASCII. `what` says whose it is. False where it is reported. */
bool shown_name_check(struct scope *scope, const struct field_text *name, const char *what);

enum { INTERFACE_MAX = 15, ZONE_NAME_MAX = 32, SHOWN_NAME_MAX = 64, ZONES_MAX = 255 };
