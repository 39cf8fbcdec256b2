#include "catalog/timeouts.h"

const struct timeout_row timeout_rows[TIMEOUT_COUNT] = {
#define X(name, protocol, state, sysctl, seconds)                                                  \
	[TIMEOUT_##name] = { TIMEOUT_OF_##protocol, state, sysctl, seconds },
	TIMEOUTS(X)
#undef X
};
