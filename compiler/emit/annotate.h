/* Messages for programs: editors, and whoever marks lines of a proposed change. */
#pragma once
#include <stdio.h>

struct diag;
struct diags;
struct sources;

/* Writes one message as a JSON object, without a line end: severity, code, summary, file, subject
 * (start and end, each with line, column and byte), labels (other places, each with what is there),
 * notes, help. What a message does not have is left out, but for labels and notes. */
void annotate_diag(struct sources *sources, const struct diag *diag, FILE *out);

/* All messages in the order of their places, one JSON object a line. */
void annotate_json(struct diags *diags, struct sources *sources, FILE *out);

/* The same as workflow commands, which GitHub and its likes show beside the lines. */
void annotate_github(struct diags *diags, struct sources *sources, FILE *out);
