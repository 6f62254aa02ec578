#include "platform/windows/empty_messages.h"

#include <atomic>
#include <map>
#include <mutex>

namespace mp::platform {
namespace {

// Handles are closed in destructors of static objects, too: this is never destroyed.
struct Notes {
  std::mutex mutex;
  std::map<NativeHandle, int> taken;       // guarded by mutex
  std::atomic<std::size_t> pipes = 0;      // of taken, so that closing a handle costs a load as long as there is none
};

Notes& notes() {
  static Notes& all = *new Notes;
  return all;
}

}  // namespace

void note_empty_message(NativeHandle pipe) {
  const std::lock_guard lock(notes().mutex);
  ++notes().taken[pipe];
  notes().pipes = notes().taken.size();
}

bool has_empty_message(NativeHandle pipe) {
  if (notes().pipes == 0) return false;
  const std::lock_guard lock(notes().mutex);
  return notes().taken.contains(pipe);
}

bool take_empty_message(NativeHandle pipe) {
  if (notes().pipes == 0) return false;
  const std::lock_guard lock(notes().mutex);
  const auto found = notes().taken.find(pipe);
  if (found == notes().taken.end()) return false;
  if (--found->second == 0) notes().taken.erase(found);
  notes().pipes = notes().taken.size();
  return true;
}

void forget_empty_messages(NativeHandle pipe) noexcept {
  if (notes().pipes == 0) return;
  const std::lock_guard lock(notes().mutex);
  notes().taken.erase(pipe);
  notes().pipes = notes().taken.size();
}

}  // namespace mp::platform
