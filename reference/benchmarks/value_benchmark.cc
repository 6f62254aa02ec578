// Adding one to a shared number under its lock; peers: a pthread mutex beside a number, both shared between processes.
#include <pthread.h>
#include <sys/mman.h>

#include <mutex>
#include <stdexcept>

#include "reference/benchmarks/measure.h"
#include "reference/benchmarks/rows.h"
#include "reference/shared_value.h"

namespace mp::bench {
namespace {

constexpr std::size_t kTimes = 2'000'000;

double update() {
  Value<int> value(0);
  return timed(kTimes, [&] {
    for (std::size_t i = 0; i < kTimes; ++i) value.update([](int& number) { ++number; });
  });
}

// As a Python program is written: the guard around a read and a write that take the lock themselves.
double guarded() {
  Value<int> value(0);
  return timed(kTimes, [&] {
    for (std::size_t i = 0; i < kTimes; ++i) {
      const std::lock_guard guard(value);
      value.set_value(value.value() + 1);
    }
  });
}

struct Guarded {
  pthread_mutex_t mutex;
  volatile int number;
};

double pthread_shared(int type, bool robust) {
  void* page = mmap(nullptr, sizeof(Guarded), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (page == MAP_FAILED) throw std::runtime_error("no shared page");
  auto* guarded = static_cast<Guarded*>(page);
  pthread_mutexattr_t attributes;
  pthread_mutexattr_init(&attributes);
  pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
  pthread_mutexattr_settype(&attributes, type);
  if (robust) pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
  pthread_mutex_init(&guarded->mutex, &attributes);
  const double seconds = timed(kTimes, [&] {
    for (std::size_t i = 0; i < kTimes; ++i) {
      pthread_mutex_lock(&guarded->mutex);
      guarded->number = guarded->number + 1;
      pthread_mutex_unlock(&guarded->mutex);
    }
  });
  pthread_mutex_destroy(&guarded->mutex);
  munmap(page, sizeof(Guarded));
  return seconds;
}

}  // namespace

void add_value_rows() {
  add_row({"value: += 1 under its lock, uncontended",
           {{"reference", update},
            {"guard, read, write", guarded},
            {"pthread", [] { return pthread_shared(PTHREAD_MUTEX_NORMAL, false); }},
            {"pthread recursive", [] { return pthread_shared(PTHREAD_MUTEX_RECURSIVE, false); }},
            {"pthread robust", [] { return pthread_shared(PTHREAD_MUTEX_NORMAL, true); }},
            cpython("value", 100'000)}});
}

}  // namespace mp::bench
