#include "reference/codec.h"

#include <algorithm>
#include <new>
#include <stdexcept>

#include "reference/error.h"

namespace mp {

void Writer::attach(platform::Handle handle) {
  if (handles_ == Handles::kRefused) {
    throw RuntimeError(
        "a queue, lock or other shared object should only be shared between processes through inheritance: give it to "
        "a "
        "Process as an argument, it cannot travel inside a queue");
  }
  const bool is_there = static_cast<bool>(handle);
  write(is_there);
  if (is_there) message_.handles.push_back(std::move(handle));
}

Writer::Common Writer::share(std::shared_ptr<const void> thing) {
  const auto found = std::find(common_.begin(), common_.end(), thing);
  const Common common{static_cast<std::uint32_t>(found - common_.begin()), found == common_.end()};
  if (common.is_first) common_.push_back(std::move(thing));
  return common;
}

std::shared_ptr<void>& Reader::common(std::uint32_t number) {
  if (number > common_.size())
    throw PickleError("a value of this message refers to something that did not come before it");
  if (number == common_.size()) common_.emplace_back();
  return common_[number];
}

void Writer::discard() noexcept {
  for (const auto& undo : undo_) {
    try {
      undo();
    } catch (const std::exception&) {
      // Nothing can be done about it any more.
    }
  }
}

void Writer::write_function(platform::Code code) {
  const bool is_set = code != nullptr;
  write_bytes(&is_set, sizeof(is_set));
  if (!is_set) return;
  try {
    const platform::CodeName name = platform::name_of(code);
    write_bytes(&name, sizeof(name));
  } catch (const platform::OsError& error) {
    throw PickleError(std::string("this function has no name that another process understands: ") + error.what());
  }
}

platform::Code Reader::read_function() {
  if (!read<bool>()) return nullptr;
  const auto name = read<platform::CodeName>();
  if (const platform::Code code = platform::find(name)) return code;
  throw PickleError(
      "this process does not have the function that its starter named: the program was rebuilt while it ran, or a "
      "library is "
      "loaded there and not here; start the whole program again, or load the library before freeze_support()");
}

platform::Handle Reader::detach() {
  if (!read<bool>()) return platform::Handle();
  if (next_handle_ == handles_.size())
    throw PickleError("a value of this message needs a handle that did not come with it");
  return std::move(handles_[next_handle_++]);
}

void Reader::read_bytes(void* data, std::size_t size) {
  if (size > bytes_.size()) {
    throw PickleError("the bytes end too early: " + std::to_string(size) + " more are needed, " +
                      std::to_string(bytes_.size()) + " are left");
  }
  if (size > 0) std::memcpy(data, bytes_.data(), size);
  bytes_ = bytes_.subspan(size);
}

std::uint64_t Reader::read_size(std::size_t least) {
  const auto size = read<std::uint64_t>();
  if (size > remaining() / least) {
    throw PickleError("the bytes announce " + std::to_string(size) + " elements, but only " +
                      std::to_string(remaining()) + " bytes are left");
  }
  return size;
}

void Reader::finish() const {
  if (remaining() > 0 || next_handle_ < handles_.size()) {
    throw PickleError("the bytes hold another type than the one asked for: " + std::to_string(remaining()) +
                      " bytes and " + std::to_string(handles_.size() - next_handle_) + " handles are left over");
  }
}

void codec_internal::rethrow_as_pickle_error() {
  try {
    throw;
  } catch (const Error&) {
    throw;
  } catch (const platform::OsError&) {
    throw;
  } catch (const std::bad_alloc&) {
    throw PickleError("the bytes announce more than fits into memory");
  } catch (const std::exception& error) {
    throw PickleError(std::string("the bytes cannot be decoded: ") + error.what());
  }
}

}  // namespace mp
