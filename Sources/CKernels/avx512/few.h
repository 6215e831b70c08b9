// How up to CK_FEW activation rows are driven: a kernel for each count, so that sums stay in registers.
#ifndef CK_AVX512_FEW_H
#define CK_AVX512_FEW_H
#include "matmul.h"
#include "panel.h"

CK_TARGET_AVX512_BEGIN

// Up to twelve activation rows at a block. Three addresses and two distances reach all of them.
typedef struct {
    const uint8_t *of[3];  // rows 0, 4, 8, as far as there are so many
    size_t stride, three;  // from one row to the next; three times as much
} ck_few_activations;

CK_INLINE const uint8_t *ck_few_activation(const ck_few_activations *x, int c) {
    return x->of[c / 4] + (c % 4 == 3 ? x->three : (size_t)(c % 4) * x->stride);
}

CK_INLINE ck_few_activations ck_few_rows(const uint8_t *first, size_t stride, int count) {
    ck_few_activations x = {.stride = stride, .three = 3 * stride};
    __asm__("" : "+r"(x.three));  // else clang keeps an address of each row, in memory
    CK_UNROLL for (int i = 0; 4 * i < count; i++) {
        x.of[i] = first + 4 * (size_t)i * stride;
        __asm__("" : "+r"(x.of[i]));
    }
    return x;
}

// The same rows, `bytes` on.
CK_INLINE void ck_few_advance(ck_few_activations *x, size_t bytes, int count) {
    CK_UNROLL for (int i = 0; 4 * i < count; i++) x->of[i] += bytes;
}

// Adds a block of sixteen rows to the results; `next`: what to ask for meanwhile.
typedef void ck_few_block(ck_weight_type type, const ck_panel_rows *rows, const ck_few_activations *x, uintptr_t next,
                          __m512 *results, int count);

// The sixteen rows at `row`, or as many as there are before `end`, with `count` activation rows.
CK_INLINE void ck_few_panel(const ck_product *p, size_t row, size_t end, size_t from, int count, ck_weight_type type,
                            size_t elements, size_t bytes, size_t activation_bytes, ck_few_block *block) {
    const ck_stream stream = ck_stream_to(p, end);
    const size_t at = ck_panel_first(row, end);
    ck_panel_rows rows = ck_panel_at(p, at);
    ck_few_activations x = ck_few_rows(p->activations + from * p->activation_bytes, p->activation_bytes, count);
    __m512 results[CK_FEW];
    CK_UNROLL for (int c = 0; c < count; c++) results[c] = _mm512_setzero_ps();
    uintptr_t next = ck_prefetch_next(p, row, CK_PANEL_ROWS, &stream);
    CK_ROLLED for (size_t b = p->columns / elements; b > 0; b--) {
        block(type, &rows, &x, next, results, count);
        ck_panel_advance(&rows, bytes);
        ck_few_advance(&x, activation_bytes, count);
        next += CK_PANEL_ROWS * bytes;
    }
    const __mmask16 mask = (__mmask16)(0xffffu << (row - at));
    CK_UNROLL for (int c = 0; c < count; c++)
        _mm512_mask_storeu_ps(p->output + (from + (size_t)c) * p->output_stride + at, mask, results[c]);
}

CK_TARGET_END

#define CK_FEW_CASE(name, type, elements, activation, n)                                                     \
    case n:                                                                                                   \
        ck_few_panel(p, row, end, from, n, type, elements, sizeof(ck_##name), sizeof(activation), block);     \
        break

// The including file has defined `block`. Groups of up to CK_FEW activation rows take turns at each panel.
#define CK_FEW_COUNTS(name, type, elements, activation)                                                       \
    void ck_avx512_few_##name(const ck_product *p, size_t first, size_t end, void *scratch) {                 \
        if (p->count <= 2) {                                                                                  \
            ck_avx512_rows_##name(p, first, end, scratch);                                                    \
            return;                                                                                           \
        }                                                                                                     \
        const size_t groups = (p->count + CK_FEW - 1) / CK_FEW;                                               \
        ck_prefetch_start(p, first, end, CK_PANEL_ROWS);                                                      \
        for (size_t row = first; row < end; row += CK_PANEL_ROWS)                                             \
            for (size_t g = 0; g < groups; g++) {                                                             \
                const size_t from = p->count * g / groups;                                                    \
                switch (p->count * (g + 1) / groups - from) {                                                 \
                CK_FEW_CASE(name, type, elements, activation, 3);                                             \
                CK_FEW_CASE(name, type, elements, activation, 4);                                             \
                CK_FEW_CASE(name, type, elements, activation, 5);                                             \
                CK_FEW_CASE(name, type, elements, activation, 6);                                             \
                CK_FEW_CASE(name, type, elements, activation, 7);                                             \
                CK_FEW_CASE(name, type, elements, activation, 8);                                             \
                }                                                                                             \
            }                                                                                                 \
    }

#endif
