#include "kernels.h"

#if defined(__x86_64__)

#include "targets.h"

// MARK: - Logic

AVX512 static size_t join_512(const uint64_t *left, uint64_t left_turn, const uint64_t *right,
                              uint64_t right_turn, int is_and, size_t count, uint64_t *words) {
    __m512i x = _mm512_set1_epi64((long long)left_turn);
    __m512i y = _mm512_set1_epi64((long long)right_turn);
    __m512i total = _mm512_setzero_si512();
    for (size_t i = 0; i < count; i += 8) {
        __mmask8 lanes = count - i >= 8 ? 0xFF : (__mmask8)((1u << (count - i)) - 1);
        __m512i one = _mm512_xor_si512(_mm512_maskz_loadu_epi64(lanes, left + i), x);
        __m512i two = _mm512_xor_si512(_mm512_maskz_loadu_epi64(lanes, right + i), y);
        __m512i both = is_and ? _mm512_and_si512(one, two) : _mm512_or_si512(one, two);
        _mm512_mask_storeu_epi64(words + i, lanes, both);
        total = _mm512_add_epi64(total, _mm512_maskz_popcnt_epi64(lanes, both));
    }
    return (size_t)_mm512_reduce_add_epi64(total);
}

AVX2 static size_t join_256(const uint64_t *left, uint64_t left_turn, const uint64_t *right,
                            uint64_t right_turn, int is_and, size_t count, uint64_t *words) {
    size_t total = 0;
    for (size_t i = 0; i < count; i++) {
        uint64_t one = left[i] ^ left_turn, two = right[i] ^ right_turn;
        words[i] = is_and ? one & two : one | two;
        total += (size_t)__builtin_popcountll(words[i]);
    }
    return total;
}

size_t kernels_join(int level, const uint64_t *left, uint64_t left_turn, const uint64_t *right,
                    uint64_t right_turn, int is_and, size_t count, uint64_t *words) {
    if (level >= 2) return join_512(left, left_turn, right, right_turn, is_and, count, words);
    return join_256(left, left_turn, right, right_turn, is_and, count, words);
}

AVX512 static size_t population_512(const uint64_t *words, size_t count) {
    __m512i total = _mm512_setzero_si512();
    for (size_t i = 0; i < count; i += 8) {
        __mmask8 lanes = count - i >= 8 ? 0xFF : (__mmask8)((1u << (count - i)) - 1);
        __m512i some = _mm512_maskz_loadu_epi64(lanes, words + i);
        total = _mm512_add_epi64(total, _mm512_popcnt_epi64(some));
    }
    return (size_t)_mm512_reduce_add_epi64(total);
}

AVX2 static size_t population_256(const uint64_t *words, size_t count) {
    size_t total = 0;
    for (size_t i = 0; i < count; i++) total += (size_t)__builtin_popcountll(words[i]);
    return total;
}

size_t kernels_population(int level, const uint64_t *words, size_t count) {
    return level >= 2 ? population_512(words, count) : population_256(words, count);
}

// MARK: - Rules

// Loads and stores of it need no alignment.
typedef uint64_t words8 __attribute__((vector_size(64), aligned(8)));

#define EACH(operation)                                                                            \
    for (int i = 0; i < 4; i++) operation;                                                         \
    break

// A stretch of 32 words.
static inline __attribute__((always_inline)) void rule_stretch(
    const kernels_step *steps, size_t step_count, const uint64_t *const *masks, size_t at,
    uint64_t *answer) {
    words8 so_far[4] = {{0}};
    words8 kept[KERNELS_RULE_DEPTH][4];
    size_t depth = 0;
    for (size_t step = 0; step < step_count; step++) {
        const words8 *mask = (const words8 *)(masks[steps[step].mask] + at);
        switch (steps[step].action) {
        case KERNELS_TAKE: EACH(so_far[i] = mask[i]);
        case KERNELS_AND: EACH(so_far[i] &= mask[i]);
        case KERNELS_OR: EACH(so_far[i] |= mask[i]);
        case KERNELS_TAKE_NOT: EACH(so_far[i] = ~mask[i]);
        case KERNELS_AND_NOT: EACH(so_far[i] &= ~mask[i]);
        case KERNELS_OR_NOT: EACH(so_far[i] |= ~mask[i]);
        case KERNELS_KEEP:
            for (int i = 0; i < 4; i++) kept[depth][i] = so_far[i];
            depth++;
            break;
        case KERNELS_AND_KEPT: depth--; EACH(so_far[i] &= kept[depth][i]);
        case KERNELS_OR_KEPT: depth--; EACH(so_far[i] |= kept[depth][i]);
        }
    }
    for (int i = 0; i < 4; i++) ((words8 *)(answer + at))[i] = so_far[i];
}

// The words that make up no stretch.
static void rule_rest(const kernels_step *steps, size_t step_count, const uint64_t *const *masks,
                      size_t at, size_t words, uint64_t *answer) {
    for (; at < words; at++) {
        uint64_t so_far = 0, kept[KERNELS_RULE_DEPTH];
        size_t depth = 0;
        for (size_t step = 0; step < step_count; step++) {
            uint64_t mask = masks[steps[step].mask][at];
            switch (steps[step].action) {
            case KERNELS_TAKE: so_far = mask; break;
            case KERNELS_AND: so_far &= mask; break;
            case KERNELS_OR: so_far |= mask; break;
            case KERNELS_TAKE_NOT: so_far = ~mask; break;
            case KERNELS_AND_NOT: so_far &= ~mask; break;
            case KERNELS_OR_NOT: so_far |= ~mask; break;
            case KERNELS_KEEP: kept[depth++] = so_far; break;
            case KERNELS_AND_KEPT: so_far &= kept[--depth]; break;
            case KERNELS_OR_KEPT: so_far |= kept[--depth]; break;
            }
        }
        answer[at] = so_far;
    }
}

AVX512 static void rule_512(const kernels_step *steps, size_t step_count,
                            const uint64_t *const *masks, size_t stretches, uint64_t *answer) {
    for (size_t at = 0; at < stretches * 32; at += 32)
        rule_stretch(steps, step_count, masks, at, answer);
}

AVX2 static void rule_256(const kernels_step *steps, size_t step_count,
                          const uint64_t *const *masks, size_t stretches, uint64_t *answer) {
    for (size_t at = 0; at < stretches * 32; at += 32)
        rule_stretch(steps, step_count, masks, at, answer);
}

void kernels_rule(int level, const kernels_step *steps, size_t step_count,
                  const uint64_t *const *masks, size_t words, uint64_t *answer) {
    size_t stretches = words / 32;
    if (level >= 2)
        rule_512(steps, step_count, masks, stretches, answer);
    else
        rule_256(steps, step_count, masks, stretches, answer);
    rule_rest(steps, step_count, masks, stretches * 32, words, answer);
}

#else

size_t kernels_join(int level, const uint64_t *left, uint64_t left_turn, const uint64_t *right,
                    uint64_t right_turn, int is_and, size_t count, uint64_t *words) {
    __builtin_trap();
}

void kernels_rule(int level, const kernels_step *steps, size_t step_count,
                  const uint64_t *const *masks, size_t words, uint64_t *answer) {
    __builtin_trap();
}

size_t kernels_population(int level, const uint64_t *words, size_t count) { __builtin_trap(); }

#endif
