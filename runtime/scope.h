/* Resources that are given back when the scope ends that took them. */
#pragma once
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/arena.h"
#include "flywall/flywall.h"

static inline void scope_free(void *pointer)
{
	free(*(void **)pointer);
}

static inline void scope_close(const int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

static inline void scope_fclose(FILE **file)
{
	if (*file)
		fclose(*file);
}

static inline void scope_arena(struct arena **arena)
{
	arena_free(*arena);
}

static inline void scope_flywall(struct flywall **flywall)
{
	flywall_free(*flywall);
}

#define autofree    __attribute__((cleanup(scope_free)))
#define autoclose   __attribute__((cleanup(scope_close)))
#define autofile    __attribute__((cleanup(scope_fclose)))
#define autoarena   __attribute__((cleanup(scope_arena)))
#define autoflywall __attribute__((cleanup(scope_flywall)))
#define must_check  __attribute__((warn_unused_result))
