/* Which connections a command is about. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "runtime/state/command.h"
#include "runtime/state/connection.h"
#include "runtime/state/options.h"

struct filter;
struct nlmsghdr;

/* A filter that lets everything through, in the session's arena. */
struct filter *filter_new(struct session *session);

/* The options that narrow it. */
struct option_group filter_options(struct filter *filter);

/* After the options were read: finds the names (zones, policies, uplinks) and looks for
 * contradictions. STATUS_DONE, or the exit status after it has said why. */
int filter_finish(struct filter *filter);

/* Whether it lets everything through. */
bool filter_is_empty(const struct filter *filter);

/* What filter_match looks at. */
uint32_t filter_fields(const struct filter *filter);

/* Whether the connection passes. A condition on what the kernel did not tell does not hold. */
bool filter_match(const struct filter *filter, const struct connection *connection);

/* Adds to a dump's request what the kernel can filter by itself: a superset passes. `is_simple`
 * leaves out what older kernels refuse. */
void filter_to_kernel(const struct filter *filter, bool is_simple, struct nlmsghdr *request);

/* Where the filter is nothing but one mark (with mask) or one ct zone, which the kernel can delete
 * by itself: adds it to the request. False: it is something else. */
bool filter_to_bulk_delete(const struct filter *filter, struct nlmsghdr *request);
