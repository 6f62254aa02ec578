#include "reference/shared_memory.h"

#include <cstdio>
#include <random>
#include <utility>

#include "platform/error.h"
#include "platform/named_region.h"
#include "reference/codec.h"
#include "reference/error.h"

namespace mp {
namespace {

using platform::NamedRegion;

// As CPython's, so that people recognise it: short enough for every system.
std::string make_name() {
  std::random_device random;
  char name[16];
  std::snprintf(name, sizeof(name), "psm_%08x", static_cast<unsigned>(random()));
  return name;
}

template <class F>
auto asking_the_system(F&& ask) {
  try {
    return ask();
  } catch (const platform::OsError& error) {
    raise(error);
    throw;  // not reached: raise throws
  }
}

// A leading slash is part of the name for some systems and languages; here it is not.
std::string without_slash(std::string name) {
  if (name.starts_with('/')) name.erase(0, 1);
  return name;
}

NamedRegion create(std::string& name, std::size_t size) {
  if (!name.empty()) {
    auto region = NamedRegion::create(name, size);
    if (!region) throw FileExistsError("shared memory with the name " + name + " is there already");
    return *std::move(region);
  }
  for (;;) {
    name = make_name();
    if (auto region = NamedRegion::create(name, size)) return *std::move(region);
  }
}

NamedRegion attach(const std::string& name) {
  auto region = NamedRegion::open(name);
  if (!region) throw FileNotFoundError("there is no shared memory with the name " + name);
  return *std::move(region);
}

}  // namespace

struct SharedMemory::Local {
  explicit Local(NamedRegion region) : region(std::move(region)) {}
  std::optional<NamedRegion> region;  // nothing: closed
};

SharedMemory::SharedMemory(SharedMemoryOptions options) {
  if (options.size < 0) throw ValueError("shared memory cannot have " + std::to_string(options.size) + " bytes");
  if (options.create && options.size == 0) throw ValueError("new shared memory needs a size above zero");
  if (!options.create && !options.name) throw ValueError("to attach to shared memory its name is needed");
  name_ = without_slash(options.name.value_or(""));
  if (options.name && name_.empty()) throw ValueError("the name of shared memory cannot be empty");
  asking_the_system([&] {
    local_ = std::make_shared<Local>(options.create ? mp::create(name_, static_cast<std::size_t>(options.size))
                                                    : attach(name_));
  });
  size_ = local_->region->size();
}

SharedMemory::SharedMemory(Undecoded) {}

std::span<std::byte> SharedMemory::buf() const {
  if (!local_->region) throw ValueError("the shared memory " + name_ + " was closed here");
  return {local_->region->data(), size_};
}

void SharedMemory::close() { local_->region.reset(); }

void SharedMemory::unlink() {
  const bool was_there = asking_the_system([&] { return NamedRegion::remove(name_); });
  if (!was_there) throw FileNotFoundError("there is no shared memory with the name " + name_ + " any more");
}

void SharedMemory::save(Writer& writer) const { writer(name_); }

void SharedMemory::load(Reader& reader) { *this = SharedMemory({.name = reader.read<std::string>()}); }

}  // namespace mp
