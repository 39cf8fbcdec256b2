#include "syntax/expr.h"

void expr_covers(struct expr *over, const struct expr *child)
{
	if (child && child->height >= over->height)
		over->height =
			(uint16_t)(child->height < UINT16_MAX ? child->height + 1 : UINT16_MAX);
}

static void *node_new(struct arena *arena, size_t size, enum expr_kind kind, struct span at)
{
	struct expr *expr = arena_alloc(arena, size);
	expr->kind = (uint8_t)kind;
	expr->height = 1;
	expr->at = at;
	return expr;
}

struct expr *expr_leaf(struct arena *arena, enum expr_kind kind, struct span at)
{
	return node_new(arena, sizeof(struct expr), kind, at);
}

struct expr *expr_unary(struct arena *arena, enum expr_kind kind, enum operator op, struct span at,
			struct expr *inner)
{
	struct expr_unary *node = node_new(arena, sizeof *node, kind, at);
	node->expr.op = (uint8_t)op;
	node->inner = inner;
	expr_covers(&node->expr, inner);
	return &node->expr;
}

struct expr *expr_binary(struct arena *arena, enum expr_kind kind, enum operator op,
			 struct expr *left, struct expr *right)
{
	struct expr_binary *node =
		node_new(arena, sizeof *node, kind, span_join(left->at, right->at));
	node->expr.op = (uint8_t)op;
	node->left = left;
	node->right = right;
	expr_covers(&node->expr, left);
	expr_covers(&node->expr, right);
	return &node->expr;
}

struct expr *expr_conditional(struct arena *arena, struct expr *condition, struct expr *yes,
			      struct expr *no)
{
	struct expr_conditional *node =
		node_new(arena, sizeof *node, EXPR_CONDITIONAL, span_join(condition->at, no->at));
	node->condition = condition;
	node->yes = yes;
	node->no = no;
	expr_covers(&node->expr, condition);
	expr_covers(&node->expr, yes);
	expr_covers(&node->expr, no);
	return &node->expr;
}

struct expr_list *expr_tuple(struct arena *arena)
{
	return node_new(arena, sizeof(struct expr_list), EXPR_TUPLE, NOWHERE);
}

struct expr_object *expr_object(struct arena *arena)
{
	return node_new(arena, sizeof(struct expr_object), EXPR_OBJECT, NOWHERE);
}

struct expr_call *expr_call(struct arena *arena)
{
	return node_new(arena, sizeof(struct expr_call), EXPR_CALL, NOWHERE);
}

struct expr_path *expr_path(struct arena *arena, struct expr *root)
{
	struct expr_path *path = node_new(arena, sizeof *path, EXPR_PATH, root->at);
	path->root = root;
	expr_covers(&path->expr, root);
	return path;
}

struct expr_template *expr_template(struct arena *arena)
{
	return node_new(arena, sizeof(struct expr_template), EXPR_TEMPLATE, NOWHERE);
}

struct expr_for *expr_for(struct arena *arena, const struct for_intro *intro, struct expr *key,
			  struct expr *value, bool groups, struct expr *condition, struct span at)
{
	struct expr_for *node = node_new(arena, sizeof *node, EXPR_FOR, at);
	node->intro = *intro;
	node->key = key;
	node->value = value;
	node->groups = groups;
	node->condition = condition;
	expr_covers(&node->expr, intro->collection);
	expr_covers(&node->expr, key);
	expr_covers(&node->expr, value);
	expr_covers(&node->expr, condition);
	return node;
}
