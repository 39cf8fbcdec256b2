/* The catalogue as the language's reference shows it. */
#pragma once
#include <stdio.h>

/* The names that rules may use, in Markdown: services, types of ICMP messages, protocols. */
void catalog_manual(FILE *out);
