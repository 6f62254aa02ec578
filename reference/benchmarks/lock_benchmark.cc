// Acquire and release of a lock that nobody else wants; peers: a pthread mutex and Boost.Interprocess's, both shared between processes.
#include <pthread.h>
#include <sys/mman.h>

#include <boost/interprocess/sync/interprocess_mutex.hpp>
#include <new>
#include <stdexcept>

#include "reference/benchmarks/measure.h"
#include "reference/benchmarks/rows.h"
#include "reference/lock.h"

namespace mp::bench {
namespace {

constexpr std::size_t kPairs = 2'000'000;

void* shared_page() {
  void* page = mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (page == MAP_FAILED) throw std::runtime_error("no shared page");
  return page;
}

double reference() {
  Lock lock;
  return timed(kPairs, [&] {
    for (std::size_t i = 0; i < kPairs; ++i) {
      lock.acquire();
      lock.release();
    }
  });
}

double pthread_shared(bool robust) {
  pthread_mutexattr_t attributes;
  pthread_mutexattr_init(&attributes);
  pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
  if (robust) pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
  auto* mutex = static_cast<pthread_mutex_t*>(shared_page());
  pthread_mutex_init(mutex, &attributes);
  const double seconds = timed(kPairs, [&] {
    for (std::size_t i = 0; i < kPairs; ++i) {
      pthread_mutex_lock(mutex);
      pthread_mutex_unlock(mutex);
    }
  });
  pthread_mutex_destroy(mutex);
  munmap(mutex, 4096);
  return seconds;
}

double boost_mutex() {
  auto* mutex = new (shared_page()) boost::interprocess::interprocess_mutex;
  const double seconds = timed(kPairs, [&] {
    for (std::size_t i = 0; i < kPairs; ++i) {
      mutex->lock();
      mutex->unlock();
    }
  });
  munmap(mutex, 4096);
  return seconds;
}

}  // namespace

void add_lock_rows() {
  add_row({"lock: acquire and release, uncontended",
           {{"reference", reference},
            {"pthread", [] { return pthread_shared(false); }},
            {"pthread robust", [] { return pthread_shared(true); }},
            {"Boost", boost_mutex},
            cpython("lock", 200'000)}});
}

}  // namespace mp::bench
