// SPDX-License-Identifier: Apache-2.0
// SHA-256 (FIPS 180-4) of one to four messages at a time, in one thread, by the SHA instructions of x86-64. They are
// bound by latency: a second message beside the first costs next to nothing. Knows blocks only; padding, the order of
// messages and all bounds are the business of Sha256Lanes.java. Keeps no state, allocates nothing, calls nothing.
// Built by build.sh beside it; the intrinsics are in every compiler that knows GCC's target attribute.
#include <cpuid.h>
#include <immintrin.h>
#include <jni.h>

#define LANES_MAX 4
#define BLOCK_BYTES 64
#define STATE_BYTES 32
#define SHA __attribute__((target("sha,sse4.1")))

static const unsigned int K[64] __attribute__((aligned(16))) = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

// The instructions want the eight words of the state as ABEF and CDGH.
SHA static inline void load(__m128i state[2], const unsigned char *words) {
    __m128i cdab = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)words), 0xB1);
    __m128i efgh = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)(words + 16)), 0x1B);
    state[0] = _mm_alignr_epi8(cdab, efgh, 8);
    state[1] = _mm_blend_epi16(efgh, cdab, 0xF0);
}

SHA static inline void store(const __m128i state[2], unsigned char *words) {
    __m128i feba = _mm_shuffle_epi32(state[0], 0x1B);
    __m128i dchg = _mm_shuffle_epi32(state[1], 0xB1);
    _mm_storeu_si128((__m128i *)words, _mm_blend_epi16(feba, dchg, 0xF0));
    _mm_storeu_si128((__m128i *)(words + 16), _mm_alignr_epi8(dchg, feba, 8));
}

// The number of lanes is known where this is inlined, so that every loop but the outer one is unrolled.
SHA static inline __attribute__((always_inline)) void compress(
    const int lanes, __m128i state[][2], const unsigned char *from[], int blocks) {
    const __m128i bigEndian = _mm_set_epi64x(0x0c0d0e0f08090a0bLL, 0x0405060700010203LL);
    for (; blocks > 0; blocks--) {
        __m128i abef[LANES_MAX], cdgh[LANES_MAX], w[LANES_MAX][4];
#pragma GCC unroll 4
        for (int l = 0; l < lanes; l++) {
            abef[l] = state[l][0];
            cdgh[l] = state[l][1];
#pragma GCC unroll 4
            for (int i = 0; i < 4; i++) {
                w[l][i] = _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)(from[l] + 16 * i)), bigEndian);
            }
        }
#pragma GCC unroll 16
        for (int r = 0; r < 16; r++) {
            const __m128i k = _mm_load_si128((const __m128i *)(K + 4 * r));
#pragma GCC unroll 4
            for (int l = 0; l < lanes; l++) {
                const __m128i now = w[l][r & 3];
                const __m128i wk = _mm_add_epi32(now, k);
                cdgh[l] = _mm_sha256rnds2_epu32(cdgh[l], abef[l], wk);
                abef[l] = _mm_sha256rnds2_epu32(abef[l], cdgh[l], _mm_shuffle_epi32(wk, 0x0E));
                if (r < 12) {
                    const __m128i last = w[l][(r + 3) & 3];
                    const __m128i seventh = _mm_alignr_epi8(last, w[l][(r + 2) & 3], 4);
                    const __m128i next = _mm_add_epi32(_mm_sha256msg1_epu32(now, w[l][(r + 1) & 3]), seventh);
                    w[l][r & 3] = _mm_sha256msg2_epu32(next, last);
                }
            }
        }
#pragma GCC unroll 4
        for (int l = 0; l < lanes; l++) {
            state[l][0] = _mm_add_epi32(abef[l], state[l][0]);
            state[l][1] = _mm_add_epi32(cdgh[l], state[l][1]);
            from[l] += BLOCK_BYTES;
        }
    }
}

JNIEXPORT jboolean JNICALL Java_org_nxvms_archive_NativeSha256_isSupported(JNIEnv *env, jclass type) {
    (void)env;
    (void)type;
    unsigned int a, b, c, d;
    if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & bit_SSE4_1) || !(c & bit_SSSE3)) {
        return JNI_FALSE;
    }
    return __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b & bit_SHA) ? JNI_TRUE : JNI_FALSE;
}

// Blocks of each lane are the bytes of a direct buffer from a place on. The caller answers for bounds; they are looked
// at once more, since what a mistake there would do to the process cannot be told from its source.
SHA JNIEXPORT jboolean JNICALL Java_org_nxvms_archive_NativeSha256_compressBlocks(
    JNIEnv *env, jclass type, jint lanes, jobject states, jobject b0, jint from0, jobject b1, jint from1, jobject b2,
    jint from2, jobject b3, jint from3, jint blocks) {
    (void)type;
    const jobject buffers[LANES_MAX] = {b0, b1, b2, b3};
    const jint begins[LANES_MAX] = {from0, from1, from2, from3};
    const unsigned char *from[LANES_MAX];
    __m128i state[LANES_MAX][2];
    if (lanes < 1 || lanes > LANES_MAX || blocks < 1 ||
        (*env)->GetDirectBufferCapacity(env, states) < LANES_MAX * STATE_BYTES) {
        return JNI_FALSE;
    }
    unsigned char *words = (*env)->GetDirectBufferAddress(env, states);
    for (int l = 0; l < lanes; l++) {
        if (buffers[l] == NULL || begins[l] < 0 ||
            (*env)->GetDirectBufferCapacity(env, buffers[l]) < begins[l] + (jlong)BLOCK_BYTES * blocks) {
            return JNI_FALSE;
        }
        from[l] = (const unsigned char *)(*env)->GetDirectBufferAddress(env, buffers[l]) + begins[l];
        load(state[l], words + STATE_BYTES * l);
    }
    switch (lanes) {
        case 1: compress(1, state, from, blocks); break;
        case 2: compress(2, state, from, blocks); break;
        case 3: compress(3, state, from, blocks); break;
        default: compress(4, state, from, blocks); break;
    }
    for (int l = 0; l < lanes; l++) {
        store(state[l], words + STATE_BYTES * l);
    }
    return JNI_TRUE;
}
