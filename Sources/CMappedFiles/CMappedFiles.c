#define _GNU_SOURCE  // MAP_ANONYMOUS, SI_TKILL
#include "CMappedFiles.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

// Enough for the parts of three of the largest split files: a model is resident, another is checked, a third is read.
enum { CAPACITY = 4096 };

// What `start` is besides an address.
enum { FREE = 0, TAKEN = 1 };

struct conifer_mapped_file {
    _Atomic uintptr_t start;  // published last and withdrawn first: where it is an address, the rest is valid
    _Atomic uintptr_t end;
    atomic_bool is_damaged;
};

// The handler reads the table at any moment, in any thread: no locks, only atomic fields.
static conifer_mapped_file table[CAPACITY];
static struct sigaction previous;
static uintptr_t page_bytes;

static conifer_mapped_file *find(uintptr_t address) {
    for (int i = 0; i < CAPACITY; i++) {
        uintptr_t start = atomic_load(&table[i].start);
        if (start > TAKEN && start <= address && address < atomic_load(&table[i].end)
            && atomic_load(&table[i].start) == start)
            return &table[i];
    }
    return NULL;
}

// Whether the signal came from a process and not from a read: then it has no address.
static bool was_sent(int code) {
#ifdef SI_TKILL
    if (code == SI_TKILL) return true;
#endif
    return code == SI_USER || code == SI_QUEUE;
}

// Maps zeros from the page that is missing to the end: a file is cut at its end, so all that follows is missing too, and
// one call spares a signal for each page (and thousands of small mappings, of which a process may have only so many).
// mmap is no more than a system call, and so may be called here.
static bool replace(const conifer_mapped_file *file, uintptr_t address) {
    uintptr_t page = address & ~(page_bytes - 1);
    return mmap((void *)page, atomic_load(&file->end) - page, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0)
        != MAP_FAILED;
}

static void on_bus_error(int signal, siginfo_t *information, void *context) {
    (void)context;
    int error = errno;
    bool sent = was_sent(information->si_code);
    uintptr_t address = (uintptr_t)information->si_addr;
    conifer_mapped_file *file = sent ? NULL : find(address);
    if (file) {
        // Before the zeros are there: whoever reads them and then asks must know.
        atomic_store(&file->is_damaged, true);
        if (replace(file, address)) {
            errno = error;
            return;
        }
    }
    // Not ours: what would have happened without this handler happens now, when the read is tried again.
    sigaction(signal, &previous, NULL);
    if (sent) raise(signal);
    errno = error;
}

static void install(void) {
    page_bytes = (uintptr_t)sysconf(_SC_PAGESIZE);
    struct sigaction action = {.sa_flags = SA_SIGINFO | SA_ONSTACK};
    action.sa_sigaction = on_bus_error;
    sigemptyset(&action.sa_mask);
    sigaction(SIGBUS, &action, &previous);
}

conifer_mapped_file *conifer_guard_mapped_file(const void *address, size_t length) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, install);
    for (int i = 0; i < CAPACITY; i++) {
        uintptr_t expected = FREE;
        if (!atomic_compare_exchange_strong(&table[i].start, &expected, TAKEN)) continue;
        atomic_store(&table[i].end, (uintptr_t)address + length);
        atomic_store(&table[i].is_damaged, false);
        atomic_store(&table[i].start, (uintptr_t)address);
        return &table[i];
    }
    return NULL;
}

void conifer_unguard_mapped_file(conifer_mapped_file *file) {
    if (file) atomic_store(&file->start, FREE);
}

bool conifer_mapped_file_is_damaged(const conifer_mapped_file *file) {
    if (!file) return false;
    (void)*(const volatile unsigned char *)(atomic_load(&file->end) - 1);
    return atomic_load(&file->is_damaged);
}
