#include "reference/error.h"

#include <map>
#include <new>
#include <system_error>

namespace mp {
namespace {

using Thrower = void (*)(const std::string&);

template <class E>
[[noreturn]] void throw_as(const std::string& text) {
  throw E(text);
}

[[noreturn]] void throw_buffer_too_short(const std::string& text) {
  const auto* bytes = reinterpret_cast<const std::byte*>(text.data());
  throw BufferTooShort({bytes, bytes + text.size()});
}

const std::map<std::string_view, Thrower>& throwers() {
  static const std::map<std::string_view, Thrower> kThrowers = {
      {"Exception", throw_as<Error>},
      {"Empty", throw_as<Empty>},
      {"Full", throw_as<Full>},
      {"ProcessError", throw_as<ProcessError>},
      {"AuthenticationError", throw_as<AuthenticationError>},
      {"TimeoutError", throw_as<TimeoutError>},
      {"MaybeEncodingError", throw_as<MaybeEncodingError>},
      {"RemoteError", throw_as<RemoteError>},
      {"BufferTooShort", throw_buffer_too_short},
      {"OwnerDied", throw_as<OwnerDied>},
      {"WorkerDied", throw_as<WorkerDied>},
      {"EOFError", throw_as<EOFError>},
      {"OSError", throw_as<OSError>},
      {"BlockingIOError", throw_as<BlockingIOError>},
      {"ConnectionError", throw_as<ConnectionError>},
      {"BrokenPipeError", throw_as<BrokenPipeError>},
      {"ConnectionRefusedError", throw_as<ConnectionRefusedError>},
      {"ConnectionResetError", throw_as<ConnectionResetError>},
      {"FileExistsError", throw_as<FileExistsError>},
      {"FileNotFoundError", throw_as<FileNotFoundError>},
      {"PermissionError", throw_as<PermissionError>},
      {"ValueError", throw_as<ValueError>},
      {"TypeError", throw_as<TypeError>},
      {"AttributeError", throw_as<AttributeError>},
      {"KeyError", throw_as<KeyError>},
      {"IndexError", throw_as<IndexError>},
      {"RuntimeError", throw_as<RuntimeError>},
      {"NotImplementedError", throw_as<NotImplementedError>},
      {"BrokenBarrierError", throw_as<BrokenBarrierError>},
      {"AssertionError", throw_as<AssertionError>},
      {"ImportError", throw_as<ImportError>},
      {"MemoryError", throw_as<MemoryError>},
      {"OverflowError", throw_as<OverflowError>},
      {"StopIteration", throw_as<StopIteration>},
      {"PickleError", throw_as<PickleError>},
      {"KeyboardInterrupt", throw_as<KeyboardInterrupt>},
      {"SystemExit", throw_as<SystemExit>},
  };
  return kThrowers;
}

std::string_view name_of(const platform::OsError& error) {
  const std::error_condition condition = error.condition();
  static const std::pair<std::errc, std::string_view> kNames[] = {
      {std::errc::resource_unavailable_try_again, "BlockingIOError"},
      {std::errc::operation_would_block, "BlockingIOError"},
      {std::errc::broken_pipe, "BrokenPipeError"},
      {std::errc::connection_aborted, "ConnectionError"},
      {std::errc::connection_refused, "ConnectionRefusedError"},
      {std::errc::connection_reset, "ConnectionResetError"},
      {std::errc::file_exists, "FileExistsError"},
      {std::errc::no_such_file_or_directory, "FileNotFoundError"},
      {std::errc::permission_denied, "PermissionError"},
      {std::errc::operation_not_permitted, "PermissionError"},
      {std::errc::not_enough_memory, "MemoryError"},
  };
  for (const auto& [code, name] : kNames) {
    if (condition == code) return name;
  }
  return "OSError";
}

}  // namespace

std::vector<std::string_view> Error::under(std::string_view name, std::vector<std::string_view> bases) {
  bases.insert(bases.begin(), name);
  return bases;
}

BufferTooShort::BufferTooShort(std::vector<std::byte> message)
    : NamedError("a message of " + std::to_string(message.size()) + " bytes does not fit into the buffer"),
      message_(std::move(message)) {}

void raise(std::string_view name, const std::string& text) {
  const auto found = throwers().find(name);
  if (found == throwers().end()) throw RemoteError(std::string(name) + ": " + text);
  found->second(text);
  throw RemoteError(text);  // not reached: every thrower throws
}

void raise(const platform::OsError& error) { raise(name_of(error), error.what()); }

std::vector<std::string> names_of(const std::exception& error) {
  if (const auto* ours = dynamic_cast<const Error*>(&error)) {
    const auto names = ours->names();
    return {names.begin(), names.end()};
  }
  const auto as = [](std::string_view name) -> std::vector<std::string> {
    try {
      raise(name, "");
    } catch (const Error& mapped) {
      return names_of(mapped);
    }
  };
  if (const auto* system = dynamic_cast<const platform::OsError*>(&error)) return as(name_of(*system));
  if (dynamic_cast<const std::bad_alloc*>(&error)) return as("MemoryError");
  if (dynamic_cast<const std::out_of_range*>(&error)) return as("IndexError");
  if (dynamic_cast<const std::overflow_error*>(&error)) return as("OverflowError");
  if (dynamic_cast<const std::invalid_argument*>(&error)) return as("ValueError");
  if (dynamic_cast<const std::system_error*>(&error)) return as("OSError");
  return as("Exception");
}

}  // namespace mp
