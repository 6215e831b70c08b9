#ifndef CONIFER_SPIN_H
#define CONIFER_SPIN_H

/// Tells the core that this thread is waiting for another one: less power, and the other hardware thread runs faster.
static inline void conifer_spin_pause(void) {
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ __volatile__("isb" ::: "memory");
#endif
}

#endif
