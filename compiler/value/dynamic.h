/* Dynamic blocks: one block for each element of a collection. */
#pragma once
struct body;
struct scope;

/* The body with the blocks that its dynamic blocks make in their place, however deep they stand.
 * What is made has the elements' values bound in its expressions. */
struct body *dynamic_expand(struct scope *scope, struct body *body);
