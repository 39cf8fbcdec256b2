/* Digests of netlink attributes. They tell differences, and protect against nobody. */
#pragma once
#include <stddef.h>
#include <stdint.h>

static inline uint64_t mix_number(uint64_t hash, uint64_t number)
{
	hash ^= number + UINT64_C(0x9e3779b97f4a7c15) + (hash << 6) + (hash >> 2);
	hash = (hash ^ (hash >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	hash = (hash ^ (hash >> 27)) * UINT64_C(0x94d049bb133111eb);
	return hash ^ (hash >> 31);
}

static inline uint64_t mix_bytes(uint64_t hash, const void *bytes, size_t size)
{
	const unsigned char *p = bytes;
	uint64_t sum = UINT64_C(0xcbf29ce484222325);
	for (size_t i = 0; i < size; i++)
		sum = (sum ^ p[i]) * UINT64_C(0x100000001b3);
	return mix_number(mix_number(hash, size), sum);
}
