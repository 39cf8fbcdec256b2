/* What applying a configuration would do. */
#pragma once
#include "runtime/hold.h"

/* Says on standard output what would be done, and changes nothing; `flywall` has compiled. Exit
 * status 0 where it can be done. */
int preview_show(const struct request *request, struct flywall *flywall);

/* `flywall-apply plan FILE...`: the same, with exit status 1 where something would change. */
int plan_run(const struct request *request, char *const paths[]);
