/* Asking the kernel about a ruleset without linking libnftables. */
#pragma once

struct flywall;

/* Lets flywall-apply check what `flywall` emits in a network namespace of its own. Says what was
 * refused; returns the exit status. */
int kernel_check(struct flywall *flywall);
