/* What the grammar's actions call: building the tree, with the checks that are about form alone. */
#pragma once
#include <stdbool.h>

#include "base/diag.h"
#include "syntax/expr.h"
#include "syntax/tree.h"

struct parser;

/* One item of a body on its way there. There is one at a time, as there is one part of a template:
 * the parser keeps them, so that its stack holds pointers alone. */
enum item_kind { ITEM_NONE, ITEM_ATTRIBUTE, ITEM_BLOCK };

struct item {
	enum item_kind kind;
	union {
		struct attribute attribute;
		struct block block;
	};
};

struct labels {
	VEC(struct label) all;
};

struct body *build_body(struct parser *p);
struct body *build_item(struct parser *p, struct body *body, const struct item *item);
struct body *build_body_end(struct parser *p, struct body *body, struct span at);
struct item *build_no_item(struct parser *p);
struct item *build_attribute(struct parser *p, struct span name, struct expr *value);
struct item *build_block(struct parser *p, struct span type, const struct labels *labels,
			 struct body *body, struct span header);
struct labels *build_labels(struct parser *p);
struct labels *build_label(struct parser *p, struct labels *labels, struct span at, bool is_quoted);
struct labels *build_template_label(struct parser *p, struct labels *labels,
				    const struct expr_template *template, struct span at);

/* Refuses a node that is too high to be walked. */
struct expr *build_node(struct parser *p, struct expr *node);
struct expr *build_binary(struct parser *p, enum operator op, struct expr *left,
			  struct expr *right);
struct expr *build_unary(struct parser *p, enum operator op, struct span at, struct expr *inner);
struct expr *build_number(struct parser *p, struct span at);
struct expr *build_call(struct parser *p, struct expr_call *call, struct span name, struct span at);
struct expr_call *build_argument(struct parser *p, struct expr_call *call, struct expr *argument);
struct expr_list *build_element(struct parser *p, struct expr_list *list, struct expr *element);
struct expr *build_tuple(struct parser *p, struct expr_list *list, struct span at,
			 struct span content);
struct expr_object *build_member(struct parser *p, struct expr_object *object,
				 const struct object_member *member);
struct expr *build_object(struct parser *p, struct expr_object *object, struct span at);
struct expr *build_for(struct parser *p, struct expr_for *node);
struct expr *build_bad_for(struct parser *p, struct span at, enum diag_code code,
			   struct span whole);

struct expr_path *build_attribute_step(struct parser *p, struct expr_path *path, struct span at,
				       struct span name);
struct expr_path *build_legacy_index(struct parser *p, struct expr_path *path, struct span at,
				     struct span number);
struct expr_path *build_splat(struct parser *p, struct expr_path *path, enum step_kind kind,
			      struct span at);
struct expr_path *build_index(struct parser *p, struct expr_path *path, struct span at,
			      struct expr *key);
struct expr_path *build_bad_index(struct parser *p, struct expr_path *path, struct span at);

struct for_intro *build_intro(struct parser *p, struct span key, struct span value,
			      struct expr *collection);
struct template_part *build_text(struct parser *p, struct span at);
struct template_part *build_sequence(struct parser *p, enum part_kind kind, struct span at,
				     struct expr *expr);
struct expr_template *build_part(struct parser *p, struct expr_template *template,
				 const struct template_part *part);
struct expr *build_template(struct parser *p, struct expr_template *template, struct span at);
struct expr *build_heredoc(struct parser *p, struct expr_template *template, struct span opener,
			   struct span at);
