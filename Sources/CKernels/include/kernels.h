// Tests of packed numbers and logic of masks, with the vector instructions of x86-64. A mask is
// bit words: row i is bit i % 64 of word i / 64, and the bits beyond the last row are 0.
//
// Every function has a twin in Swift (`PitchColumnar/PortableKernels.swift`) that runs anywhere;
// tests hold the two against each other.

#ifndef PITCH_KERNELS_H
#define PITCH_KERNELS_H

#include <stddef.h>
#include <stdint.h>

// What this machine runs: 0 none of these, 1 AVX2, 2 AVX-512 (F, BW, VL and VPOPCNTDQ).
int kernels_level(void);

// Rows whose raw number, less `low`, is at most `span`: unsigned numbers of `width` bytes (1, 2, 4
// or 8). `level` is 1 or 2, and not above `kernels_level()`.
void kernels_range(int level, const void *numbers, unsigned width, size_t rows, uint64_t low,
                   uint64_t span, uint64_t *words);

// Rows whose code, of 1 or 2 bytes, is in a set of the codes below 1024, a bit each.
void kernels_set(int level, const void *codes, unsigned width, size_t rows,
                 const uint64_t set[16], uint64_t *words);

// `and`, or `or`, of two masks whose bits are exchanged where those of `left_turn` or `right_turn`
// are set; `words` may be one of them. Returns how many bits are set.
size_t kernels_join(int level, const uint64_t *left, uint64_t left_turn, const uint64_t *right,
                    uint64_t right_turn, int is_and, size_t count, uint64_t *words);

// What a step of a rule does: with a mask, or its complement, or with the answer that was kept last.
enum {
    KERNELS_TAKE,
    KERNELS_AND,
    KERNELS_OR,
    KERNELS_TAKE_NOT,
    KERNELS_AND_NOT,
    KERNELS_OR_NOT,
    KERNELS_KEEP,
    KERNELS_AND_KEPT,
    KERNELS_OR_KEPT,
};

// The most answers that a rule may keep at once.
enum { KERNELS_RULE_DEPTH = 8 };

typedef struct {
    uint32_t action;
    // Which of the rule's masks it reads; 0 where it reads none.
    uint32_t mask;
} kernels_step;

// A whole rule over masks of `words` words: what each step leaves in registers the next one reads.
void kernels_rule(int level, const kernels_step *steps, size_t step_count,
                  const uint64_t *const *masks, size_t words, uint64_t *answer);

// How many bits are set.
size_t kernels_population(int level, const uint64_t *words, size_t count);

#endif
