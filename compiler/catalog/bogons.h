/* Networks that no packet should come from, or go to, in the Internet. */
#pragma once
#include <stddef.h>

/* Addresses as text; each list ends with NULL. */
extern const char *const bogon_sources4[], *const bogon_sources6[];
extern const char *const bogon_destinations4[], *const bogon_destinations6[];
extern const char *const private_networks4[], *const private_networks6[];
