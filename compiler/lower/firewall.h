/* Who may pass: the policies between zones, looked up in one step. */
#pragma once
#include "lower/build.h"

/* Input, forward, and output where a policy is about this machine's own connections. */
void lower_firewall(struct lowering *lowering);
