/* Reading the files of a configuration. */
#pragma once

struct diags;
struct sources;
struct text;

/* Adds the file at `path`, all `*.hcl` of a directory in name order, or standard input ("-"). What
 * cannot be read becomes a message. */
void input_add(struct sources *sources, struct diags *diags, const char *path);

/* Adds a copy of `text` as the file `name`. */
void input_add_text(struct sources *sources, struct diags *diags, const char *name,
		    struct text text);
