// Sections of 16-bit floats become integers: section.h, scalar/matmul_half.c.

typedef enum { HALF, BRAIN } half_format;  // F16, BF16

CK_INLINE words load_words(const uint8_t *at) {
    words v;
    memcpy(&v, at, sizeof v);
    return v;
}

// The last step of a row, of `columns` < 32, with zeros behind it.
CK_INLINE const uint8_t *padded(const uint8_t *at, size_t columns, uint8_t room[2 * CK_STEP]) {
    memset(room, 0, 2 * CK_STEP);
    memcpy(room, at, 2 * columns);
    return room;
}

CK_INLINE void measure_step(const uint8_t *at, words largest[CK_PARTS]) {
    CK_UNROLL for (int i = 0; i < CK_PARTS; i++)
        largest[i] = __builtin_elementwise_max(largest[i], load_words(at + 4 * CK_LANES * i) & (words)0x7fff);
}

// Goes on with `columns` more columns of a section.
CK_INLINE void measure(const uint8_t *at, size_t columns, words largest[CK_PARTS]) {
    size_t c = 0;
    for (; c + CK_STEP <= columns; c += CK_STEP) measure_step(at + 2 * c, largest);
    if (c < columns) {
        uint8_t room[2 * CK_STEP];
        measure_step(padded(at + 2 * c, columns - c, room), largest);
    }
}

// The scale of a section that has been measured.
CK_INLINE ck_section_scale scale_of(const words largest[CK_PARTS], const half_format format) {
    words all = largest[0];
    CK_UNROLL for (int i = 1; i < CK_PARTS; i++) all = __builtin_elementwise_max(all, largest[i]);
    uint16_t found = __builtin_reduce_max(all);
    _Float16 half;
    memcpy(&half, &found, sizeof half);
    return ck_section_scale_of(format == BRAIN ? (uint32_t)found << 16 : ck_to_bits(half));
}

// The columns of one register of pairs, rounded. Not finite ones, which meet the factor 0, give anything.
CK_INLINE pairs integers_of(const uint8_t *at, vf factor, const half_format format) {
    pairs out;
    if (format == BRAIN) {
        vi bits, odd_mask = (vi)(int32_t)0xffff0000;
        memcpy(&bits, at, sizeof bits);
        vi even = rounded(of_bits(bits << 16), factor), odd = rounded(of_bits(bits & odd_mask), factor);
        vi both = (odd << 16) | (even & 0xffff);
        memcpy(&out, &both, sizeof out);
        return out;
    }
    halves low, high;
    memcpy(&low, at, sizeof low);
    memcpy(&high, at + 2 * CK_LANES, sizeof high);
    return integers_in(rounded(__builtin_convertvector(low, vf), factor),
                       rounded(__builtin_convertvector(high, vf), factor));
}
