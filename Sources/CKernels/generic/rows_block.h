// Q8_0 and Q4_0 with one or two activation rows: what the levels of x86 share around the sums of blocks (rows.h).
// Included between CK_TARGET_..._BEGIN and CK_TARGET_END.

enum { OFFSETS = CK_ROWS_COLUMNS };  // where 32-bit numbers, one a block, lie behind the ordered activations

// The exact sums of eight blocks, without what takes the weights' offset away, and their scales: half precision.
typedef void sum_blocks(__m256i *sums, __m128i *scales, const uint8_t *block, const uint8_t *ordered);

// The half precision numbers at the beginning of eight blocks. Each is loaded to where it belongs, with bytes in front of
// it that are the row's.
CK_INLINE __m128i scales_of_eight(const uint8_t *block, size_t bytes) {
    __m128i x = ck_load_16(block);
#define SCALE(i) x = _mm_blend_epi16(x, ck_load_16(block + i * bytes - 2 * i), 1 << i);
    SCALE(1) SCALE(2) SCALE(3) SCALE(4) SCALE(5) SCALE(6) SCALE(7)
#undef SCALE
    return x;
}

// Eight blocks' terms, from number `b` of the row on.
CK_INLINE void keep_eight(float *const terms[], const uint8_t *block, const ck_row_activations *x, size_t b,
                          bool with_offsets, sum_blocks *sum, int count) {
    CK_UNROLL for (int c = 0; c < count; c++) {
        __m256i y;
        __m128i scales;
        sum(&y, &scales, block, x[c].ordered + b * CK_BLOCK);
        if (with_offsets) y = _mm256_add_epi32(y, ck_load_32(x[c].ordered + OFFSETS + sizeof(int32_t) * b));
        _mm256_storeu_ps(terms[c] + b, _mm256_mul_ps(_mm256_cvtph_ps(scales), _mm256_cvtepi32_ps(y)));
    }
}

CK_INLINE void order_q8_0(const uint8_t *activations, size_t blocks, uint8_t *ordered) {
    const ck_activation_block *x = (const ck_activation_block *)activations;
    int32_t *offsets = (int32_t *)(ordered + OFFSETS);
    for (size_t b = 0; b < blocks; b++) {
        memcpy(ordered + b * CK_BLOCK, x[b].quants, CK_BLOCK);
        offsets[b] = x[b].minus_128_sum;
    }
}

// Where the activations of block `b`'s low halves go; those of its high halves follow HIGH_HALVES behind. The level
// defines both.
CK_INLINE size_t low_halves(size_t b);

// Where among the offsets that of block `b` of Q4_0 goes. The level defines it.
CK_INLINE size_t place_of_offset(size_t b);

CK_INLINE void order_q4_0(const uint8_t *activations, size_t blocks, uint8_t *ordered) {
    const ck_activation_block *x = (const ck_activation_block *)activations;
    int32_t *offsets = (int32_t *)(ordered + OFFSETS);
    for (size_t b = 0; b < blocks; b++) {
        memcpy(ordered + low_halves(b), x[b].quants, 16);
        memcpy(ordered + low_halves(b) + HIGH_HALVES, x[b].quants + 16, 16);
        offsets[place_of_offset(b)] = x[b].minus_8_sum;
    }
}

// The same by its name, of a type.
#define KEEP_EIGHT(name, with_offsets)                                                                                \
    CK_INLINE void keep_step_##name(float *const terms[], const uint8_t *block, const ck_row_activations *x,          \
                                    size_t b, int count) {                                                            \
        keep_eight(terms, block, x, b, with_offsets, sum_##name, count);                                              \
    }

// Keeps a row's terms from number `from` on, `step` blocks at a time.
#define KEEP_FROM(name, step)                                                                                         \
    CK_INLINE void keep_from_##name(float *const terms[], const uint8_t *row, const ck_row_activations *x,            \
                                    size_t from, size_t blocks, const ck_stream *stream, int count) {                 \
        size_t b = from;                                                                                              \
        row += b * sizeof(ck_##name);                                                                                 \
        CK_ROLLED for (; b + step <= blocks; b += step, row += step * sizeof(ck_##name)) {                            \
            ck_prefetch_row(row, step * sizeof(ck_##name), stream);                                                   \
            keep_step_##name(terms, row, x, b, count);                                                                \
        }                                                                                                             \
        if (b == blocks) return;                                                                                      \
        uint8_t last[step * sizeof(ck_##name)] = {0};                                                                 \
        memcpy(last, row, (blocks - b) * sizeof(ck_##name));                                                          \
        keep_step_##name(terms, last, x, b, count);                                                                   \
    }

#define KEEP(name, step)                                                                                              \
    KEEP_FROM(name, step)                                                                                             \
    CK_INLINE void keep_##name(float *const terms[], const uint8_t *row, const ck_row_activations *x, size_t blocks,  \
                               const ck_stream *stream, int count) {                                                  \
        keep_from_##name(terms, row, x, 0, blocks, stream, count);                                                    \
    }

#define ROWS(level, name)                                                                                             \
    void ck_##level##_rows_##name(const ck_product *p, size_t first, size_t end, void *scratch) {                     \
        const ck_row_shape shape = {CK_BLOCK, sizeof(ck_##name), sizeof(ck_activation_block),                         \
                                    offsetof(ck_activation_block, scale)};                                            \
        ck_each_row(p, first, end, scratch, shape, order_##name, keep_##name);                                        \
    }
