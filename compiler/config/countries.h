/* Countries in rules: sets of networks by the names geoip_country_XX. */
#pragma once
#include "base/text.h"

struct complaint;
struct scope;
struct written;

/* The two letters of a country, in upper case. */
const char *country_read(struct scope *scope, struct text text, struct complaint *complaint);

/* Makes sets of the countries in policies' rules. A set that no `ipset` block declares is empty
 * until another program fills it, which is a warning. */
void countries_resolve(struct scope *scope, struct written *written);
