/* From text to tree: the front-end of HCL. */
#pragma once

struct arena;
struct body;
struct diags;
struct expr;
struct names;
struct source;

/* The tree of a file, in `arena`; never NULL. What is wrong is in `diags`; with an error the tree
 * may lack parts. Names are interned in `names`. The text of `source` is scanned in place and is as
 * before afterwards. */
struct body *parse(struct arena *arena, struct names *names, struct diags *diags,
		   struct source *source);

/* The expression of a file that is a template: text with sequences in it. NULL where something is
 * wrong, which is in `diags`. */
struct expr *parse_template(struct arena *arena, struct names *names, struct diags *diags,
			    struct source *source);
