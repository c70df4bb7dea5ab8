// Instruction sets that functions are compiled for, whatever the package is.

#ifndef PITCH_KERNELS_TARGETS_H
#define PITCH_KERNELS_TARGETS_H

#include <immintrin.h>

#define AVX2 __attribute__((target("avx2,popcnt")))
#define AVX512 __attribute__((target("avx512f,avx512bw,avx512vl,avx512vpopcntdq")))

#endif
