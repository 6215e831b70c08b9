// One or two activation rows: how a single turn decodes, at the speed of memory. For levels of x86, included between
// CK_TARGET_..._BEGIN and CK_TARGET_END.
//
// Weights are read strictly in the order of the file: several rows side by side, even neighbouring ones, cost a third
// of the bandwidth. So a row's blocks become terms one after the other, which are kept: t = weight scale · exact sum,
// still without the activations' scales. Running results depend on one another; those of eight rows follow together, as
// vectors of the eight.

enum {
    CK_ROWS = 8,
    CK_ROWS_COLUMNS = 8 * 1024,  // columns whose terms are kept, 8 KiB for blocks of 32
    CK_ROWS_BLOCKS = CK_ROWS_COLUMNS / CK_BLOCK,
    CK_ROWS_KEPT = CK_ROWS_BLOCKS + 16,
    CK_ORDERED_BYTES = CK_ROWS_COLUMNS + sizeof(int32_t) * CK_ROWS_KEPT,
};

CK_INLINE __m128i ck_load_16(const void *bytes) {
    return _mm_loadu_si128(bytes);
}

CK_INLINE __m256i ck_load_32(const void *bytes) {
    return _mm256_loadu_si256(bytes);
}

// Asks for the `bytes` that follow CK_PREFETCH_ROW_BYTES behind `at`.
CK_INLINE void ck_prefetch_row(const uint8_t *at, size_t bytes, const ck_stream *stream) {
    uintptr_t ahead = ck_stream_at(stream, (uintptr_t)at + CK_PREFETCH_ROW_BYTES);
    if (ahead) ck_prefetch(ahead, (int)bytes, 0, 1);
}

// Adds the next four blocks' terms of eight rows, or the first `count` of the four, to the rows' results. `scale`: the
// activations' in the first of the blocks, which are `stride` bytes apart.
CK_INLINE __m256 ck_add_four(const float *terms, const uint8_t *scale, size_t stride, size_t count, __m256 results) {
    __m256 x[4], t[4];
    CK_UNROLL for (int r = 0; r < 4; r++)
        x[r] = _mm256_insertf128_ps(_mm256_castps128_ps256(_mm_loadu_ps(terms + r * CK_ROWS_KEPT)),
                                    _mm_loadu_ps(terms + (r + 4) * CK_ROWS_KEPT), 1);
    CK_UNROLL for (int i = 0; i < 2; i++) {
        __m256 a = i ? _mm256_unpackhi_ps(x[0], x[1]) : _mm256_unpacklo_ps(x[0], x[1]);
        __m256 b = i ? _mm256_unpackhi_ps(x[2], x[3]) : _mm256_unpacklo_ps(x[2], x[3]);
        t[2 * i] = _mm256_shuffle_ps(a, b, 0x44);
        t[2 * i + 1] = _mm256_shuffle_ps(a, b, 0xee);
    }
    CK_UNROLL for (size_t i = 0; i < 4; i++) {
        if (i == count) break;
        results = _mm256_fmadd_ps(t[i], _mm256_broadcast_ss((const float *)(scale + i * stride)), results);
    }
    return results;
}

typedef struct {
    size_t elements, bytes;           // of a block of weights
    size_t activation_bytes, scale;   // of a block of activations, and where its scale lies in it
} ck_row_shape;

// An activation row: its blocks, and what `order` made of them.
typedef struct {
    const uint8_t *blocks, *ordered;
} ck_row_activations;

// What the weights of `blocks` blocks want to find of their activations, in an order of its own: CK_ORDERED_BYTES.
typedef void ck_row_order(const uint8_t *activations, size_t blocks, uint8_t *ordered);

// Keeps the terms of a row's blocks with `count` activation rows, and up to fifteen more behind them.
typedef void ck_row_keep(float *const terms[], const uint8_t *row, const ck_row_activations *x, size_t blocks,
                         const ck_stream *stream, int count);

// The terms of up to eight rows in a slice of their columns. Where the level says so (ADDS_BESIDE) they are added to the
// results while the next ones are made, a share beside each row: a running result waits for the one before it, and memory
// would rest as long.
typedef struct {
    _Alignas(64) float terms[2][CK_ROWS][CK_ROWS_KEPT];  // with each activation row; zeros for rows that are not there
    size_t row, rows, block, blocks;  // where they begin, how many they are
    size_t added;                     // blocks that the results have
} ck_row_terms;

// Adds the terms of the next `share` blocks, a multiple of four, or of those that are left.
CK_INLINE void ck_add_share(const ck_product *p, ck_row_shape shape, ck_row_terms *x, size_t share, __m256 results[2],
                            int count) {
    const size_t from = x->added, left = x->blocks - from, end = from + (left < share ? left : share);
    if (from == end) return;
    x->added = end;
    const size_t offset = x->block * shape.activation_bytes + shape.scale, stride = shape.activation_bytes;
    CK_UNROLL for (int c = 0; c < count; c++) {
        const uint8_t *scales = p->activations + (size_t)c * p->activation_bytes + offset;
        size_t b = from;
        CK_ROLLED for (; b + 4 <= end; b += 4)
            results[c] = ck_add_four(x->terms[c][0] + b, scales + b * stride, stride, 4, results[c]);
        if (b < end) results[c] = ck_add_four(x->terms[c][0] + b, scales + b * stride, stride, end - b, results[c]);
    }
}

// Adds what is left. The last slice's results go to the output, and the next rows begin with nothing.
CK_INLINE void ck_add_rest(const ck_product *p, ck_row_shape shape, ck_row_terms *x, __m256 results[2], int count) {
    ck_add_share(p, shape, x, x->blocks, results, count);
    if (x->block + x->blocks < p->columns / shape.elements) return;
    const __m256i numbers = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
    CK_UNROLL for (int c = 0; c < count; c++) {
        float *output = p->output + (size_t)c * p->output_stride + x->row;
        if (x->rows == CK_ROWS)
            _mm256_storeu_ps(output, results[c]);
        else
            _mm256_maskstore_ps(output, _mm256_cmpgt_epi32(_mm256_set1_epi32((int32_t)x->rows), numbers), results[c]);
        results[c] = _mm256_setzero_ps();
    }
}

CK_INLINE void ck_each_row_with(const ck_product *p, size_t first, size_t end, uint8_t *ordered, ck_row_shape shape,
                                ck_row_order *order, ck_row_keep *keep, int count) {
    const ck_stream stream = ck_stream_to(p, end);
    ck_prefetch_rows_start(p, first, end, CK_PREFETCH_ROW_BYTES);
    ck_row_terms kept[2], *own = &kept[0], *before = &kept[1];
    before->blocks = before->added = 0;  // nothing is before the first rows
    __m256 results[2] = {_mm256_setzero_ps(), _mm256_setzero_ps()};
    const size_t all = p->columns / shape.elements, slice = CK_ROWS_COLUMNS / shape.elements;
    for (size_t row = first; row < end; row += CK_ROWS) {
        const size_t rows = end - row < CK_ROWS ? end - row : CK_ROWS;
        for (size_t block = 0; block < all; block += slice) {
            const size_t blocks = all - block < slice ? all - block : slice;
            own->row = row, own->rows = rows, own->block = block, own->blocks = blocks, own->added = 0;
            CK_ROLLED for (size_t r = rows; r < CK_ROWS; r++)
                CK_UNROLL for (int c = 0; c < count; c++) memset(own->terms[c][r], 0, blocks * sizeof(float));
            ck_row_activations x[2];
            CK_UNROLL for (int c = 0; c < count; c++) {
                x[c].blocks = p->activations + (size_t)c * p->activation_bytes + block * shape.activation_bytes;
                x[c].ordered = ordered + c * CK_ORDERED_BYTES;
                if (order && (row == first || all > slice)) order(x[c].blocks, blocks, ordered + c * CK_ORDERED_BYTES);
            }
            const size_t share = (before->blocks + 4 * CK_ROWS - 1) / (4 * CK_ROWS) * 4;
            const uint8_t *weights = p->weights + row * p->row_bytes + block * shape.bytes;
            CK_ROLLED for (size_t r = 0; r < rows; r++, weights += p->row_bytes) {
                keep((float *const[]){own->terms[0][r], own->terms[1][r]}, weights, x, blocks, &stream, count);
                if (ADDS_BESIDE) ck_add_share(p, shape, before, share, results, count);
            }
            if (before->blocks) ck_add_rest(p, shape, before, results, count);
            if (ADDS_BESIDE) {
                ck_row_terms *next = before;
                before = own, own = next;
            } else {
                ck_add_rest(p, shape, own, results, count);
            }
        }
    }
    if (before->blocks) ck_add_rest(p, shape, before, results, count);
}

// The rows `first ..< end` with one or two activation rows; `order`: NULL, or what it makes lies in the scratch memory
// `ordered`.
CK_INLINE void ck_each_row(const ck_product *p, size_t first, size_t end, uint8_t *ordered, ck_row_shape shape,
                           ck_row_order *order, ck_row_keep *keep) {
    if (p->count == 1)
        ck_each_row_with(p, first, end, ordered, shape, order, keep, 1);
    else
        ck_each_row_with(p, first, end, ordered, shape, order, keep, 2);
}
