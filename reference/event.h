#ifndef REFERENCE_EVENT_H_
#define REFERENCE_EVENT_H_

#include <atomic>
#include <cstdint>
#include <memory>

#include "platform/bell.h"
#include "platform/deadline.h"
#include "reference/wait.h"

namespace mp {

class Reader;
class Writer;
struct Undecoded;

// A flag between processes that one can wait for.
//
// Owns:    a share of the event. It lives until the last process drops its last copy.
// Shares:  copies are the same event; they travel to a child as arguments, or by fork.
// Threads: every method in any thread and process at once.
// Blocks:  wait() only, until its timeout and no longer. set() waits for nobody, least of all for a waiter who died.
// Throws:  OSError when there is no memory for a new one.
//
// All that is asked for is in one word: the flag, and how often set() was called. So each step is atomic, and no
// process can die between two halves of it:
//     wait():   flag there: done.  Else wait until the number is another than in that same look.
//     set():    one more, and the flag is there; then ring the bell (see platform/bell.h).
//     clear():  the flag is gone; the number stays.
// A waiter goes by the number, not by the flag: [event.wait.pulse] set() followed at once by clear() lets all go who
// waited. Nobody is counted, so the dead are not missed. A setter who dies before he has rung is made good by the
// sleepers, who look at the word themselves ten times a second.
class Event {
 public:
  Event();
  explicit Event(Undecoded);

  bool is_set() const { return (shared_->word.load(std::memory_order_acquire) & kFlag) != 0; }
  void set();
  void clear() { shared_->word.fetch_and(~kFlag, std::memory_order_acq_rel); }
  // True: the event is set, or was set meanwhile. False: the timeout passed first.
  bool wait(Wait timeout = Wait::forever()) {
    const Word first = shared_->word.load(std::memory_order_acquire);
    return (first & kFlag) != 0 || wait_later(first, timeout.deadline());
  }

  void save(Writer& writer) const;
  void load(Reader& reader);

 private:
  using Word = std::uint64_t;
  static constexpr Word kFlag = 1;
  static constexpr Word kSet = 2;  // 63 bits of calls of set()

  struct Shared {
    std::atomic<Word> word;
    platform::BellState bell;
  };
  struct Local;

  bool wait_later(Word first, platform::Deadline deadline);

  Shared* shared_ = nullptr;  // in local_'s region: here, to be one step away
  std::shared_ptr<Local> local_;
};

}  // namespace mp

#endif  // REFERENCE_EVENT_H_
