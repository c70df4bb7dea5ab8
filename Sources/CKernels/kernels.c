#include "kernels.h"

#if defined(__x86_64__)

#include "targets.h"

#include <string.h>

int kernels_level(void) {
    __builtin_cpu_init();
    if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("popcnt")) return 0;
    int wide = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
               __builtin_cpu_supports("avx512vl") &&
               __builtin_cpu_supports("avx512vpopcntdq");
    return wide ? 2 : 1;
}

// MARK: - AVX-512: a comparison yields a mask

AVX512 static inline uint64_t range8_512(const uint8_t *raw, __m512i low, __m512i span) {
    __m512i place = _mm512_sub_epi8(_mm512_loadu_si512(raw), low);
    return _mm512_cmple_epu8_mask(place, span);
}

AVX512 static inline uint64_t range16_512(const uint16_t *raw, __m512i low, __m512i span) {
    uint64_t word = 0;
    for (int part = 0; part < 2; part++) {
        __m512i place = _mm512_sub_epi16(_mm512_loadu_si512(raw + 32 * part), low);
        word |= (uint64_t)_mm512_cmple_epu16_mask(place, span) << (32 * part);
    }
    return word;
}

AVX512 static inline uint64_t range32_512(const uint32_t *raw, __m512i low, __m512i span) {
    uint64_t word = 0;
    for (int part = 0; part < 4; part++) {
        __m512i place = _mm512_sub_epi32(_mm512_loadu_si512(raw + 16 * part), low);
        word |= (uint64_t)_mm512_cmple_epu32_mask(place, span) << (16 * part);
    }
    return word;
}

AVX512 static inline uint64_t range64_512(const uint64_t *raw, __m512i low, __m512i span) {
    uint64_t word = 0;
    for (int part = 0; part < 8; part++) {
        __m512i place = _mm512_sub_epi64(_mm512_loadu_si512(raw + 8 * part), low);
        word |= (uint64_t)_mm512_cmple_epu64_mask(place, span) << (8 * part);
    }
    return word;
}

AVX512 static void range_512(const uint8_t *raw, unsigned width, size_t full, uint64_t low,
                             uint64_t span, uint64_t *words) {
    switch (width) {
    case 1: {
        __m512i l = _mm512_set1_epi8((char)low), s = _mm512_set1_epi8((char)span);
        for (size_t i = 0; i < full; i++) words[i] = range8_512(raw + 64 * i, l, s);
        break;
    }
    case 2: {
        const uint16_t *r = (const uint16_t *)raw;
        __m512i l = _mm512_set1_epi16((short)low), s = _mm512_set1_epi16((short)span);
        for (size_t i = 0; i < full; i++) words[i] = range16_512(r + 64 * i, l, s);
        break;
    }
    case 4: {
        const uint32_t *r = (const uint32_t *)raw;
        __m512i l = _mm512_set1_epi32((int)low), s = _mm512_set1_epi32((int)span);
        for (size_t i = 0; i < full; i++) words[i] = range32_512(r + 64 * i, l, s);
        break;
    }
    default: {
        const uint64_t *r = (const uint64_t *)raw;
        __m512i l = _mm512_set1_epi64((long long)low), s = _mm512_set1_epi64((long long)span);
        for (size_t i = 0; i < full; i++) words[i] = range64_512(r + 64 * i, l, s);
    }
    }
}

// The set lies in two registers as words of 16 bits: the upper bits of a code choose the word, the
// lower four the bit.
AVX512 static inline uint64_t set_512(__m512i codes, __m512i first, __m512i second) {
    __m512i chosen = _mm512_permutex2var_epi16(first, _mm512_srli_epi16(codes, 4), second);
    __m512i place = _mm512_and_si512(codes, _mm512_set1_epi16(15));
    return _mm512_test_epi16_mask(chosen, _mm512_sllv_epi16(_mm512_set1_epi16(1), place));
}

AVX512 static void sets_512(const uint8_t *raw, unsigned width, size_t full,
                            const uint64_t set[16], uint64_t *words) {
    __m512i first = _mm512_loadu_si512(set), second = _mm512_loadu_si512(set + 8);
    for (size_t i = 0; i < full; i++) {
        uint64_t word = 0;
        for (int part = 0; part < 2; part++) {
            size_t row = 64 * i + 32 * part;
            __m512i codes =
                width == 1
                    ? _mm512_cvtepu8_epi16(_mm256_loadu_si256((const __m256i *)(raw + row)))
                    : _mm512_loadu_si512(raw + 2 * row);
            word |= set_512(codes, first, second) << (32 * part);
        }
        words[i] = word;
    }
}

// MARK: - AVX2: a comparison yields lanes, which are packed to bytes and moved to bits

AVX2 static inline __m256i at_most8(__m256i a, __m256i b) {
    return _mm256_cmpeq_epi8(_mm256_min_epu8(a, b), a);
}

// 32 rows of 2 bytes.
AVX2 static inline uint32_t range16_256(const uint16_t *raw, __m256i low, __m256i span) {
    __m256i hits[2];
    for (int part = 0; part < 2; part++) {
        const __m256i *from = (const __m256i *)(raw + 16 * part);
        __m256i place = _mm256_sub_epi16(_mm256_loadu_si256(from), low);
        hits[part] = _mm256_cmpeq_epi16(_mm256_min_epu16(place, span), place);
    }
    __m256i bytes = _mm256_packs_epi16(hits[0], hits[1]);
    return (uint32_t)_mm256_movemask_epi8(_mm256_permute4x64_epi64(bytes, 0xD8));
}

// 32 rows of 4 bytes.
AVX2 static inline uint32_t range32_256(const uint32_t *raw, __m256i low, __m256i span) {
    __m256i hits[4];
    for (int part = 0; part < 4; part++) {
        const __m256i *from = (const __m256i *)(raw + 8 * part);
        __m256i place = _mm256_sub_epi32(_mm256_loadu_si256(from), low);
        hits[part] = _mm256_cmpeq_epi32(_mm256_min_epu32(place, span), place);
    }
    __m256i halves = _mm256_packs_epi32(hits[0], hits[1]);
    __m256i others = _mm256_packs_epi32(hits[2], hits[3]);
    __m256i order = _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7);
    __m256i bytes = _mm256_permutevar8x32_epi32(_mm256_packs_epi16(halves, others), order);
    return (uint32_t)_mm256_movemask_epi8(bytes);
}

// 4 rows of 8 bytes: the order of unsigned numbers is that of signed ones with the sign turned.
AVX2 static inline uint32_t range64_256(const uint64_t *raw, __m256i low, __m256i span) {
    __m256i sign = _mm256_set1_epi64x((long long)(1ull << 63));
    __m256i place = _mm256_sub_epi64(_mm256_loadu_si256((const __m256i *)raw), low);
    __m256i above =
        _mm256_cmpgt_epi64(_mm256_xor_si256(place, sign), _mm256_xor_si256(span, sign));
    return 15u & ~(uint32_t)_mm256_movemask_pd(_mm256_castsi256_pd(above));
}

AVX2 static void range_256(const uint8_t *raw, unsigned width, size_t full, uint64_t low,
                           uint64_t span, uint64_t *words) {
    switch (width) {
    case 1: {
        __m256i l = _mm256_set1_epi8((char)low), s = _mm256_set1_epi8((char)span);
        for (size_t i = 0; i < full; i++) {
            const __m256i *from = (const __m256i *)(raw + 64 * i);
            __m256i one = _mm256_sub_epi8(_mm256_loadu_si256(from), l);
            __m256i two = _mm256_sub_epi8(_mm256_loadu_si256(from + 1), l);
            uint32_t lower = (uint32_t)_mm256_movemask_epi8(at_most8(one, s));
            uint32_t upper = (uint32_t)_mm256_movemask_epi8(at_most8(two, s));
            words[i] = (uint64_t)upper << 32 | lower;
        }
        break;
    }
    case 2: {
        const uint16_t *r = (const uint16_t *)raw;
        __m256i l = _mm256_set1_epi16((short)low), s = _mm256_set1_epi16((short)span);
        for (size_t i = 0; i < full; i++) {
            uint64_t upper = range16_256(r + 64 * i + 32, l, s);
            words[i] = upper << 32 | range16_256(r + 64 * i, l, s);
        }
        break;
    }
    case 4: {
        const uint32_t *r = (const uint32_t *)raw;
        __m256i l = _mm256_set1_epi32((int)low), s = _mm256_set1_epi32((int)span);
        for (size_t i = 0; i < full; i++) {
            uint64_t upper = range32_256(r + 64 * i + 32, l, s);
            words[i] = upper << 32 | range32_256(r + 64 * i, l, s);
        }
        break;
    }
    default: {
        const uint64_t *r = (const uint64_t *)raw;
        __m256i l = _mm256_set1_epi64x((long long)low), s = _mm256_set1_epi64x((long long)span);
        for (size_t i = 0; i < full; i++) {
            uint64_t word = 0;
            for (int part = 0; part < 16; part++)
                word |= (uint64_t)range64_256(r + 64 * i + 4 * part, l, s) << (4 * part);
            words[i] = word;
        }
    }
    }
}

// The 32 bytes at a time that codes choose among 128, 16 of them a table: a shuffle yields 0 where
// the index's highest bit is set, which adding 0x70 with saturation does beyond 15.
AVX2 static inline uint32_t set_256(__m256i upper, __m256i bits, const __m256i *tables) {
    __m256i chosen = _mm256_setzero_si256();
    for (int table = 0; table < 8; table++) {
        __m256i index = _mm256_sub_epi8(upper, _mm256_set1_epi8((char)(16 * table)));
        index = _mm256_adds_epu8(index, _mm256_set1_epi8(0x70));
        chosen = _mm256_or_si256(chosen, _mm256_shuffle_epi8(tables[table], index));
    }
    __m256i hit = _mm256_cmpeq_epi8(_mm256_and_si256(chosen, bits), bits);
    return (uint32_t)_mm256_movemask_epi8(hit);
}

// The lower bytes of 32 numbers of 2 bytes, in their order.
AVX2 static inline __m256i narrowed(__m256i first, __m256i second) {
    return _mm256_permute4x64_epi64(_mm256_packus_epi16(first, second), 0xD8);
}

AVX2 static void sets_256(const uint8_t *raw, unsigned width, size_t full,
                          const uint64_t set[16], uint64_t *words) {
    __m256i tables[8];
    for (int table = 0; table < 8; table++)
        tables[table] =
            _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)(set + 2 * table)));
    __m256i seven = _mm256_set1_epi16(7);
    __m256i powers = _mm256_broadcastsi128_si256(
        _mm_setr_epi8(1, 2, 4, 8, 16, 32, 64, -128, 1, 2, 4, 8, 16, 32, 64, -128));
    for (size_t i = 0; i < full; i++) {
        uint64_t word = 0;
        for (int part = 0; part < 2; part++) {
            size_t row = 64 * i + 32 * part;
            __m256i codes[2];
            for (int half = 0; half < 2; half++) {
                size_t from = row + 16 * half;
                codes[half] =
                    width == 1
                        ? _mm256_cvtepu8_epi16(_mm_loadu_si128((const __m128i *)(raw + from)))
                        : _mm256_loadu_si256((const __m256i *)(raw + 2 * from));
            }
            __m256i upper =
                narrowed(_mm256_srli_epi16(codes[0], 3), _mm256_srli_epi16(codes[1], 3));
            __m256i place =
                narrowed(_mm256_and_si256(codes[0], seven), _mm256_and_si256(codes[1], seven));
            __m256i bits = _mm256_shuffle_epi8(powers, place);
            word |= (uint64_t)set_256(upper, bits, tables) << (32 * part);
        }
        words[i] = word;
    }
}

// MARK: - The last rows, which fill no word

static uint64_t number(const uint8_t *raw, unsigned width, size_t row) {
    uint64_t value = 0;
    memcpy(&value, raw + row * width, width);
    return value;
}

void kernels_range(int level, const void *numbers, unsigned width, size_t rows, uint64_t low,
                   uint64_t span, uint64_t *words) {
    const uint8_t *raw = numbers;
    size_t full = rows / 64;
    if (level >= 2)
        range_512(raw, width, full, low, span, words);
    else
        range_256(raw, width, full, low, span, words);
    if (rows % 64 == 0) return;
    uint64_t most = width == 8 ? UINT64_MAX : (1ull << (8 * width)) - 1;
    uint64_t word = 0;
    for (size_t row = 64 * full; row < rows; row++)
        if (((number(raw, width, row) - low) & most) <= span) word |= 1ull << (row % 64);
    words[full] = word;
}

void kernels_set(int level, const void *codes, unsigned width, size_t rows,
                 const uint64_t set[16], uint64_t *words) {
    const uint8_t *raw = codes;
    size_t full = rows / 64;
    if (level >= 2)
        sets_512(raw, width, full, set, words);
    else
        sets_256(raw, width, full, set, words);
    if (rows % 64 == 0) return;
    uint64_t word = 0;
    for (size_t row = 64 * full; row < rows; row++) {
        uint64_t code = number(raw, width, row);
        word |= (set[code / 64 % 16] >> (code % 64) & 1) << (row % 64);
    }
    words[full] = word;
}

#else

int kernels_level(void) { return 0; }

void kernels_range(int level, const void *numbers, unsigned width, size_t rows, uint64_t low,
                   uint64_t span, uint64_t *words) {
    __builtin_trap();
}

void kernels_set(int level, const void *codes, unsigned width, size_t rows,
                 const uint64_t set[16], uint64_t *words) {
    __builtin_trap();
}

#endif
