/* The interfaces of flow tables. Older kernels refuse a whole ruleset for one that is not there
 * yet, as a dial-up line is not when the machine boots. */
#pragma once
#include <stdint.h>

#include "base/arena.h"
#include "base/text.h"

struct absent_device {
	const char *name;
	uint32_t line; /* of the ruleset, from 1 */
};

struct absent_devices {
	struct absent_device *at;
	uint32_t n, cap;
};

/* The ruleset without the devices that are not there, line by line as it was, and which those are.
 * Where all are there it is the ruleset itself. */
struct text devices_drop(struct arena *arena, struct text ruleset,
			 bool (*is_there)(const char *name), struct absent_devices *absent);

/* Whether this network namespace has an interface of that name. */
bool device_is_there(const char *name);
