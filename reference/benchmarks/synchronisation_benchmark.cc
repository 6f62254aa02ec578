// Recursive lock and semaphore that nobody else wants, a round trip over a condition, and rounds of a barrier; peers: the same of
// pthread, shared between processes.
#include <pthread.h>
#include <semaphore.h>

#include <mutex>
#include <new>

#include "platform/region.h"
#include "reference/barrier.h"
#include "reference/benchmarks/measure.h"
#include "reference/benchmarks/rows.h"
#include "reference/condition.h"
#include "reference/rlock.h"
#include "reference/semaphore.h"

namespace mp::bench {
namespace {

constexpr std::size_t kPairs = 2'000'000;
constexpr std::size_t kTrips = 10'000;
constexpr std::size_t kRounds = 20'000;

// One T in memory that forked processes share.
template <class T>
class Shared {
 public:
  Shared() : region_(platform::Region::create(sizeof(T))), value_(new (region_.data()) T{}) {}
  T* operator->() { return value_; }
  T& operator*() { return *value_; }

 private:
  platform::Region region_;
  T* value_;
};

double rlock_pairs() {
  RLock lock;
  return timed(kPairs, [&] {
    for (std::size_t i = 0; i < kPairs; ++i) {
      lock.acquire();
      lock.release();
    }
  });
}

double semaphore_pairs() {
  mp::Semaphore semaphore;
  return timed(kPairs, [&] {
    for (std::size_t i = 0; i < kPairs; ++i) {
      semaphore.acquire();
      semaphore.release();
    }
  });
}

struct Mutex {
  explicit Mutex(int type) {
    pthread_mutexattr_t attributes;
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
    pthread_mutexattr_settype(&attributes, type);
    pthread_mutex_init(&mutex, &attributes);
  }
  Mutex() : Mutex(PTHREAD_MUTEX_NORMAL) {}
  void lock() { pthread_mutex_lock(&mutex); }
  void unlock() { pthread_mutex_unlock(&mutex); }
  pthread_mutex_t mutex;
};
struct RecursiveMutex : Mutex {
  RecursiveMutex() : Mutex(PTHREAD_MUTEX_RECURSIVE) {}
};

double pthread_recursive_pairs() {
  Shared<RecursiveMutex> mutex;
  return timed(kPairs, [&] {
    for (std::size_t i = 0; i < kPairs; ++i) {
      mutex->lock();
      mutex->unlock();
    }
  });
}

double sem_t_pairs() {
  Shared<sem_t> semaphore;
  sem_init(&*semaphore, 1, 1);
  return timed(kPairs, [&] {
    for (std::size_t i = 0; i < kPairs; ++i) {
      sem_wait(&*semaphore);
      sem_post(&*semaphore);
    }
  });
}

// Two processes take turns: each waits for its turn, gives it to the other and notifies.
template <class C>
double turns(Placement placement, C& condition, int& turn) {
  const auto side = [&](int mine) {
    for (std::size_t i = 0; i < kTrips; ++i) {
      const std::lock_guard guard(condition);
      while (turn != mine) condition.wait();
      turn = 1 - mine;
      condition.notify();
    }
  };
  return across(
      placement, kTrips, [&] { side(1); }, [&] { side(0); });
}

double condition_turns(Placement placement) {
  Condition condition;
  Shared<int> turn;
  return turns(placement, condition, *turn);
}

struct PthreadCondition : Mutex {
  PthreadCondition() {
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
    pthread_cond_init(&condition, &attributes);
  }
  void wait() { pthread_cond_wait(&condition, &mutex); }
  void notify() { pthread_cond_signal(&condition); }
  pthread_cond_t condition;
};

double pthread_turns(Placement placement) {
  Shared<PthreadCondition> condition;
  Shared<int> turn;
  return turns(placement, *condition, *turn);
}

template <class B>
double rounds(Placement placement, B& barrier) {
  const auto side = [&] {
    for (std::size_t i = 0; i < kRounds; ++i) barrier.wait();
  };
  return across(placement, kRounds, side, side);
}

double barrier_rounds(Placement placement) {
  Barrier barrier(2);
  return rounds(placement, barrier);
}

struct PthreadBarrier {
  PthreadBarrier() {
    pthread_barrierattr_t attributes;
    pthread_barrierattr_init(&attributes);
    pthread_barrierattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
    pthread_barrier_init(&barrier, &attributes, 2);
  }
  void wait() { pthread_barrier_wait(&barrier); }
  pthread_barrier_t barrier;
};

double pthread_rounds(Placement placement) {
  Shared<PthreadBarrier> barrier;
  return rounds(placement, *barrier);
}

void add_placed_rows(Placement placement) {
  add_row({placed("condition round trip", placement),
           {{"reference", [=] { return condition_turns(placement); }},
            {"pthread", [=] { return pthread_turns(placement); }},
            cpython(peer_row("condition-round-trip", placement), 2'000)}});
  add_row({placed("barrier round", placement),
           {{"reference", [=] { return barrier_rounds(placement); }},
            {"pthread", [=] { return pthread_rounds(placement); }},
            cpython(peer_row("barrier", placement), 2'000)}});
}

}  // namespace

void add_synchronisation_rows() {
  add_row({"rlock: acquire and release, uncontended",
           {{"reference", rlock_pairs}, {"pthread", pthread_recursive_pairs}, cpython("rlock", 200'000)}});
  add_row({"semaphore: acquire and release, uncontended",
           {{"reference", semaphore_pairs}, {"sem_t", sem_t_pairs}, cpython("semaphore", 200'000)}});
  add_placed_rows(Placement::kCrossCpu);
  add_placed_rows(Placement::kSameCpu);
}

}  // namespace mp::bench
