#include "reference/segments.h"

#include <algorithm>

#include "platform/error.h"
#include "platform/named_region.h"
#include "reference/error.h"

namespace mp {

void Segments::track(const std::string& name) {
  const std::lock_guard lock(mutex_);
  if (removed_) throw ProcessError("the server ends: it looks after no more shared memory");
  names_.push_back(name);
}

void Segments::release(const std::string& name) {
  const std::lock_guard lock(mutex_);
  const auto found = std::ranges::find(names_, name);
  if (found == names_.end()) throw KeyError(name);
  names_.erase(found);
  try {
    platform::NamedRegion::remove(name);
  } catch (const platform::OsError& error) {
    raise(error);
  }
}

std::vector<std::string> Segments::names() const {
  const std::lock_guard lock(mutex_);
  return names_;
}

void Segments::remove_all() {
  const std::lock_guard lock(mutex_);
  removed_ = true;
  for (const std::string& name : names_) {
    try {
      platform::NamedRegion::remove(name);
    } catch (const platform::OsError&) {
      // It is somebody else's by now.
    }
  }
  names_.clear();
}

}  // namespace mp
