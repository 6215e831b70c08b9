// Few activation rows: weight rows one after the other in the order of the file, each step of 32 columns straight from
// there into the products.
//
// The next section's largest magnitude is looked for meanwhile: so every step asks memory for as much, where bursts cost
// half of the bandwidth, and weights come from the first-level cache when they are multiplied.

enum {
    MOST_FEW = CK_LANES == 16 ? 8 : CK_LANES == 8 ? 4 : 2,  // activation rows whose sums fit the registers
    AHEAD_BYTES = 6 * 1024 + 2 * CK_SECTION,                // 6 KiB in front of the section that is measured
};

// Adds the products of 32 columns.
CK_INLINE void few_step(const uint8_t *weights, vf factor, const uint8_t *activations, size_t stride,
                        pair_sums lanes[][CK_PARTS], const half_format format, const int count) {
    CK_UNROLL for (int i = 0; i < CK_PARTS; i++) {
        pairs w = integers_of(weights + 4 * CK_LANES * i, factor, format);
        CK_UNROLL for (int a = 0; a < count; a++) {
            const int16_t *row = (const int16_t *)(activations + (size_t)a * stride);
            lanes[a][i] = add_products(lanes[a][i], w, load_pairs(row + 2 * CK_LANES * i));
        }
    }
}

// The sums of a section of `columns` columns; for each of its whole steps one is measured at `next`, and one asked for
// at `ahead`.
CK_INLINE void few_section(const uint8_t *weights, size_t columns, vf factor, const uint8_t *activations, size_t stride,
                           vf sums[][CK_PARTS], const uint8_t *next, words largest[CK_PARTS], uintptr_t ahead,
                           const half_format format, const int count) {
    pair_sums lanes[MOST_FEW][CK_PARTS];
    CK_UNROLL for (int a = 0; a < count; a++)
        CK_UNROLL for (int i = 0; i < CK_PARTS; i++) lanes[a][i] = no_pairs();
    const uint8_t *at = activations + offsetof(ck_activation_section, integers);
    size_t c = 0;
    for (; c + CK_STEP <= columns; c += CK_STEP) {
        ck_prefetch_line(ahead + 2 * c);
        measure_step(next + 2 * c, largest);
        few_step(weights + 2 * c, factor, at + 2 * c, stride, lanes, format, count);
    }
    if (c < columns) {
        uint8_t room[2 * CK_STEP];
        few_step(padded(weights + 2 * c, columns - c, room), factor, at + 2 * c, stride, lanes, format, count);
    }
    CK_UNROLL for (int a = 0; a < count; a++)
        CK_UNROLL for (int i = 0; i < CK_PARTS; i++) {
            vf scales = load((const float *)(activations + (size_t)a * stride) + CK_LANES * i);
            sums[a][i] = __builtin_convertvector(total_of(lanes[a][i]), vf) * scales;
        }
}

// A section of a row; of no columns behind the last.
typedef struct {
    const uint8_t *weights;
    size_t row, column, columns;
} section;

CK_INLINE section section_at(const ck_product *p, size_t row, size_t column, size_t end) {
    size_t columns = row < end ? smaller(p->columns - column, CK_SECTION) : 0;
    return (section){p->weights + row * p->row_bytes + 2 * column, row, column, columns};
}

// The next one before the row `end`.
CK_INLINE section section_after(const ck_product *p, section s, size_t end) {
    size_t column = s.column + CK_SECTION;
    return column < p->columns ? section_at(p, s.row, column, end) : section_at(p, s.row + 1, 0, end);
}

CK_INLINE void few(const ck_product *p, size_t first, size_t end, const half_format format, const int count) {
    const ck_stream stream = ck_stream_to(p, end);
    section own = section_at(p, first, 0, end);
    ck_prefetch_rows_start(p, first, end, AHEAD_BYTES);
    words largest[CK_PARTS] = {0};
    measure(own.weights, own.columns, largest);
    float results[MOST_FEW] = {0};
    while (own.columns) {
        ck_section_scale scale = scale_of(largest, format);
        section next = section_after(p, own, end);
        // Columns of it that are measured meanwhile; none where it is shorter.
        size_t beside = next.columns >= own.columns ? own.columns / CK_STEP * CK_STEP : 0;
        words found[CK_PARTS] = {0};
        vf sums[MOST_FEW][CK_PARTS];
        const uintptr_t ahead = ck_stream_at(&stream, (uintptr_t)own.weights + AHEAD_BYTES);
        few_section(own.weights, own.columns, splat(scale.factor),
                    p->activations + own.column / CK_SECTION * sizeof(ck_activation_section), p->activation_bytes, sums,
                    beside ? next.weights : own.weights, found, ahead ? ahead : (uintptr_t)own.weights, format, count);
        CK_UNROLL for (int a = 0; a < count; a++) {
            results[a] = fmaf(total(sums[a]), scale.unit, results[a]);
            if (next.row == own.row) continue;
            p->output[(size_t)a * p->output_stride + own.row] = results[a];
            results[a] = 0;
        }
        CK_UNROLL for (int i = 0; i < CK_PARTS; i++) largest[i] = beside ? found[i] : (words)0;
        measure(next.weights + 2 * beside, next.columns - beside, largest);
        own = next;
    }
}

// One function for each number of activation rows.
#define FEW(count)                                                                                                \
    __attribute__((noinline)) static void few_f16_##count(const ck_product *p, size_t first, size_t end) {        \
        if (count <= MOST_FEW) few(p, first, end, HALF, count);                                                   \
    }                                                                                                             \
    __attribute__((noinline)) static void few_bf16_##count(const ck_product *p, size_t first, size_t end) {       \
        if (count <= MOST_FEW) few(p, first, end, BRAIN, count);                                                  \
    }

FEW(1)
FEW(2)
FEW(3)
FEW(4)
FEW(5)
FEW(6)
FEW(7)
FEW(8)

typedef void few_function(const ck_product *p, size_t first, size_t end);
static few_function *const few_f16[] = {few_f16_1, few_f16_2, few_f16_3, few_f16_4,
                                        few_f16_5, few_f16_6, few_f16_7, few_f16_8};
static few_function *const few_bf16[] = {few_bf16_1, few_bf16_2, few_bf16_3, few_bf16_4,
                                         few_bf16_5, few_bf16_6, few_bf16_7, few_bf16_8};
