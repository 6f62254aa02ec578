#ifndef REFERENCE_JOINABLE_QUEUE_H_
#define REFERENCE_JOINABLE_QUEUE_H_

#include <cstdint>
#include <memory>

#include "reference/codec.h"
#include "reference/queue.h"
#include "reference/wait.h"

namespace mp {

// How many items of a queue nobody has reported as done, and those who wait until there are none.
//
// Owns:    a share of the count, and of the queue. Both live until the last process drops its last copy.
// Shares:  copies are the same count; they travel to a child as arguments, or by fork.
// Threads: every method in any thread and process at once.
// Blocks:  join() only, until its timeout and no longer. Looks for some 40 us before it sleeps.
// Throws:  OSError when there is no memory for a new one. ValueError from task_done(), OverflowError from check_room().
//
// What is counted. Items put: the queue's own count, which changes by the very step that puts an item (see ring.h). So
// put has nothing to do here, and cannot die between an item and its count. Items done: in this class. The difference
// is what is unfinished; what is got does not matter.
//
// Two numbers that only grow: `done`, and the *mark*, which is what `done` was when nothing was unfinished last.
//     task_done():  d = done;  p = items put;  ValueError if p = d.   done = d + 1;  mark = d + 1 if p = d + 1
//     join():       t = items put;  wait until mark >= t, or nothing is unfinished
// So a join sees that nothing was unfinished since it began, even if the next item came before it woke up.
// [joinable-queue.join.pulse] And no join goes by a mark that was made without its items: whoever puts an item and then
// joins has a larger t than any mark that a task_done() could make that had not seen this item, however slow it was. An
// item that is put between the two looks of a task_done() counts as put after that report: who joined before it was put
// may go.
//
// Who wakes whom. Who joins asks how often the bell rang, looks at the numbers, and listens for one ring more; who makes
// a mark rings afterwards (see platform/bell.h). Whom the ring does not concern listens again.
//
// Who may die where (a kill -9 at any instruction):
//   inside put or get            as in queue.h; an item is counted if it is there
//   between get and task_done    nothing is corrupt: the item is unfinished. Whether somebody else has it and will
//                                report it, nobody can know, so join waits, as the specification says. Who knows of
//                                the death (by an exit code) puts the item again, or not, and calls task_done() for the
//                                dead; unfinished_tasks() and join() with a timeout help him to find out
//   inside task_done, before its step        nothing was reported
//   inside task_done, before the mark        it was. Who waits sees for himself that nothing is unfinished (see the
//                                            next line); if an item came first, he waits for that, as if it had come
//                                            before the report
//   inside task_done, before it has rung     those who wait see for themselves, every tenth of a second
//   inside join                              nobody misses him
class TaskCount {
 public:
  explicit TaskCount(QueueCore queue);
  explicit TaskCount(Undecoded) : queue_(Undecoded{}) {}

  std::uint32_t unfinished() const;
  void task_done();
  bool join(Wait timeout);
  // The queue counts what was put with 30 bits. Throws before they could overflow.
  void check_room() const {
    if (unfinished() >= kMostUnfinished) throw_overflow();
  }

  void save(Writer& writer) const;
  void load(Reader& reader, QueueCore queue);

 private:
  // Below 2^30 by more than ever put at the same time: they do not see each other.
  static constexpr std::uint32_t kMostUnfinished = (1u << 30) - (1u << 20);

  struct Shared;
  struct Local;

  void set_mark(std::uint64_t done);
  [[noreturn]] static void throw_overflow();

  QueueCore queue_;
  std::shared_ptr<Local> local_;
};

// A queue that knows how much of what was put into it is done: all of Queue, and task_done() and join(). A copy of it
// as a Queue is the same queue, and what is put there counts.
//
// Owns, Shares, Threads: as Queue.
// Blocks:  as Queue, and join() while something is unfinished, until its timeout and no longer.
// Throws:  as Queue. ValueError from task_done() when everything that was put is reported already. OverflowError from
//          put() when a thousand million items wait to be reported: somebody forgets task_done().
//          [joinable-queue.task-done.forgotten]
//
// After close() one can still report and join: neither puts nor gets. [joinable-queue.join.closed]
template <class T>
class JoinableQueue : public Queue<T> {
 public:
  explicit JoinableQueue(int maxsize = 0) : Queue<T>(maxsize), tasks_(this->core()) {}
  explicit JoinableQueue(Undecoded) : Queue<T>(Undecoded{}), tasks_(Undecoded{}) {}

  void put(const T& item, bool block = true, Wait timeout = Wait::forever()) {
    tasks_.check_room();
    Queue<T>::put(item, block, timeout);
  }
  void put_nowait(const T& item) { put(item, false); }

  // One of the items that were put is done. By anybody, as the queue does not know who got what.
  // [joinable-queue.task-done.for-another] [joinable-queue.task-done.too-many]
  void task_done() { tasks_.task_done(); }
  // True: since the call began there was a moment at which nothing was unfinished. False: the timeout passed first.
  bool join(Wait timeout = Wait::forever()) { return tasks_.join(timeout); }
  // How many of the items that were put are not reported as done. Exact at some moment during the call.
  std::uint32_t unfinished_tasks() const { return tasks_.unfinished(); }

  void save(Writer& writer) const {
    Queue<T>::save(writer);
    tasks_.save(writer);
  }
  void load(Reader& reader) {
    Queue<T>::load(reader);
    tasks_.load(reader, this->core());
  }

 private:
  TaskCount tasks_;
};

}  // namespace mp

#endif  // REFERENCE_JOINABLE_QUEUE_H_
