#ifndef REFERENCE_EVENT_H_
#define REFERENCE_EVENT_H_

#include <atomic>
#include <cstdint>
#include <memory>

#include "platform/semaphore.h"
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
// All is in one word: how often set() was called, how many wait for the next set(), and the flag. So each step is
// atomic, and no process can die between two halves of it:
//     wait():   flag there: done.  Else one more waits, then sleep on this round's semaphore until the round is over.
//     set():    the next round, nobody waits, the flag is there; then as many permits as waited, on the old semaphore.
//     clear():  the flag is gone; the round stays.
// A waiter goes by the round, not by the flag: [event.wait.pulse] set() followed at once by clear() lets all go who
// waited. A permit is only a way to wake him up: one too many (of a waiter who died, or saw the end of the round before
// he slept) makes another look again in vain. Two semaphores take turns, so that those who wait for the next round do
// not eat the permits of the last. A setter who dies before he has given all permits is made good by the sleepers, who
// look at the word themselves ten times a second.
class Event {
 public:
  Event();
  explicit Event(Undecoded);

  bool is_set() const { return (shared_->word.load(std::memory_order_acquire) & kFlag) != 0; }
  void set();
  void clear() { shared_->word.fetch_and(~kFlag, std::memory_order_acq_rel); }
  // True: the event is set, or was set meanwhile. False: the timeout passed first.
  bool wait(Wait timeout = Wait::forever()) { return is_set() || wait_later(timeout); }

  void save(Writer& writer) const;
  void load(Reader& reader);

 private:
  using Word = std::uint64_t;
  static constexpr Word kFlag = 1;
  static constexpr Word kWaiter = 2;             // 23 bits of waiters
  static constexpr Word kRound = Word{1} << 24;  // 40 bits of rounds: 34 years at a thousand a second
  static Word round(Word word) { return word / kRound; }
  static std::uint32_t waiters(Word word) { return static_cast<std::uint32_t>(word % kRound / kWaiter); }

  struct Shared {
    std::atomic<Word> word;
    platform::SemaphoreState wake[2];
  };
  struct Local;

  bool wait_later(Wait timeout);
  bool join(Word& word);
  void leave(Word round);

  Shared* shared_ = nullptr;  // in local_'s region: here, to be one step away
  std::shared_ptr<Local> local_;
};

}  // namespace mp

#endif  // REFERENCE_EVENT_H_
