/* A change, between being planned and being made. */
#pragma once
#include "runtime/change/change.h"
#include "runtime/change/difference.h"
#include "runtime/change/draft.h"
#include "runtime/change/drift.h"
#include "runtime/change/rehearsal.h"
#include "runtime/change/token.h"
#include "runtime/load.h"
#include "runtime/timeouts.h"

/* How often a change is planned anew because somebody else changed something meanwhile. */
enum { PLAN_TRIES = 5 };

struct change {
	struct arena *arena;
	struct change_request request;
	struct kernel kernel;
	struct nft_ctx *nftables; /* the last transaction's, to be closed when all is done */
	struct model wanted, former;
	struct timeout_objects objects; /* that the wanted text refers to and cannot declare */
	struct token then; /* what `request->token` says; nothing where that is not about `known` */
	struct text known_marker;
	struct token here; /* this place; its view is what stands */
	bool is_trusted;   /* nothing has changed since `then` */
	bool is_dormant;   /* somebody has switched the table off */
	struct difference difference;
	struct rehearsal_request rehearsed;
	struct rehearsing rehearsing;
	struct rehearsal rehearsal;
	bool is_rehearsing, is_rehearsed, is_excerpt;
	bool has_gate; /* its transaction has one */
	bool is_blind; /* there is nowhere to rehearse: only what is there can be counted */
	struct draft draft, ahead_draft, excerpt;
	struct text batch, ahead; /* texts for libnftables; may be empty */
	struct text token;
	struct drifts drifts;
	const char *why;
};

/* Waits for the rehearsal where one is going on. 0, or -errno, with `why` of the change. */
must_check int change_rehearsed(struct change *change);

/* What was loaded last is wanted, and nobody has changed anything since. */
bool change_is_none(const struct change *change);

/* The command that puts a table in force that somebody has switched off. */
const char *change_wake_command(const struct change *change);
