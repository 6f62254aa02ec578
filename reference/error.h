#ifndef REFERENCE_ERROR_H_
#define REFERENCE_ERROR_H_

#include <cstddef>
#include <cstdint>
#include <exception>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "platform/error.h"

namespace mp {

// The errors of the specification, one class each, under their names there. All derive from Error, so that one catch
// gets everything that this library throws; what() is our own sentence, names() are the canonical names.
class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
  // The name of this class and of its bases in the specification, most specific first.
  virtual std::vector<std::string_view> names() const { return {"Exception"}; }

 protected:
  static std::vector<std::string_view> under(std::string_view name, std::vector<std::string_view> bases);
};

namespace error_internal {
template <std::size_t kSize>
struct Name {
  constexpr Name(const char (&text)[kSize]) {
    for (std::size_t i = 0; i < kSize; ++i) characters[i] = text[i];
  }
  constexpr std::string_view view() const { return {characters, kSize - 1}; }
  char characters[kSize];
};
}  // namespace error_internal

// A Base that carries one more name.
template <error_internal::Name kName, class Base>
class NamedError : public Base {
 public:
  using Base::Base;
  std::vector<std::string_view> names() const override { return Base::under(kName.view(), Base::names()); }
};

// What multiprocessing itself defines.
// clang-format off
struct Empty : NamedError<"Empty", Error> { using NamedError::NamedError; };
struct Full : NamedError<"Full", Error> { using NamedError::NamedError; };
struct ProcessError : NamedError<"ProcessError", Error> { using NamedError::NamedError; };
struct AuthenticationError : NamedError<"AuthenticationError", ProcessError> { using NamedError::NamedError; };
struct TimeoutError : NamedError<"TimeoutError", ProcessError> { using NamedError::NamedError; };
struct MaybeEncodingError : NamedError<"MaybeEncodingError", Error> { using NamedError::NamedError; };
struct RemoteError : NamedError<"RemoteError", Error> { using NamedError::NamedError; };
// clang-format on

// The message did not fit into the receiver's buffer; here it is, whole.
class BufferTooShort : public NamedError<"BufferTooShort", ProcessError> {
 public:
  explicit BufferTooShort(std::vector<std::byte> message);
  const std::vector<std::byte>& message() const { return message_; }

 private:
  std::vector<std::byte> message_;
};

// Beyond the documentation: who waits for the dead is told so instead of waiting for ever.
struct OwnerDied : NamedError<"OwnerDied", ProcessError> {
  using NamedError::NamedError;
};
class WorkerDied : public NamedError<"WorkerDied", ProcessError> {
 public:
  WorkerDied(const std::string& text, std::int64_t pid, int exitcode)
      : NamedError(text), pid_(pid), exitcode_(exitcode) {}
  explicit WorkerDied(const std::string& text) : WorkerDied(text, 0, 0) {}
  std::int64_t pid() const { return pid_; }
  int exitcode() const { return exitcode_; }

 private:
  std::int64_t pid_;
  int exitcode_;
};

// What the specification borrows from its language.
// clang-format off
struct EOFError : NamedError<"EOFError", Error> { using NamedError::NamedError; };
struct OSError : NamedError<"OSError", Error> { using NamedError::NamedError; };
struct BlockingIOError : NamedError<"BlockingIOError", OSError> { using NamedError::NamedError; };
struct ConnectionError : NamedError<"ConnectionError", OSError> { using NamedError::NamedError; };
struct BrokenPipeError : NamedError<"BrokenPipeError", ConnectionError> { using NamedError::NamedError; };
struct ConnectionRefusedError : NamedError<"ConnectionRefusedError", ConnectionError> { using NamedError::NamedError; };
struct ConnectionResetError : NamedError<"ConnectionResetError", ConnectionError> { using NamedError::NamedError; };
struct FileExistsError : NamedError<"FileExistsError", OSError> { using NamedError::NamedError; };
struct FileNotFoundError : NamedError<"FileNotFoundError", OSError> { using NamedError::NamedError; };
struct PermissionError : NamedError<"PermissionError", OSError> { using NamedError::NamedError; };
struct ValueError : NamedError<"ValueError", Error> { using NamedError::NamedError; };
struct TypeError : NamedError<"TypeError", Error> { using NamedError::NamedError; };
struct AttributeError : NamedError<"AttributeError", Error> { using NamedError::NamedError; };
struct KeyError : NamedError<"KeyError", Error> { using NamedError::NamedError; };
struct IndexError : NamedError<"IndexError", Error> { using NamedError::NamedError; };
struct RuntimeError : NamedError<"RuntimeError", Error> { using NamedError::NamedError; };
struct NotImplementedError : NamedError<"NotImplementedError", RuntimeError> { using NamedError::NamedError; };
struct BrokenBarrierError : NamedError<"BrokenBarrierError", RuntimeError> { using NamedError::NamedError; };
struct AssertionError : NamedError<"AssertionError", Error> { using NamedError::NamedError; };
struct ImportError : NamedError<"ImportError", Error> { using NamedError::NamedError; };
struct MemoryError : NamedError<"MemoryError", Error> { using NamedError::NamedError; };
struct OverflowError : NamedError<"OverflowError", Error> { using NamedError::NamedError; };
struct StopIteration : NamedError<"StopIteration", Error> { using NamedError::NamedError; };
// Every refusal to turn an object into bytes or back.
struct PickleError : NamedError<"PickleError", Error> { using NamedError::NamedError; };
// clang-format on

// These two are no Exception in the specification: a handler of ordinary errors there lets them pass.
class KeyboardInterrupt : public Error {
 public:
  using Error::Error;
  std::vector<std::string_view> names() const override { return {"KeyboardInterrupt"}; }
};

// Thrown to end the process: with a code, or with a text for standard error and the code 1.
class SystemExit : public Error {
 public:
  explicit SystemExit(int code = 0) : Error(std::to_string(code)), code_(code) {}
  explicit SystemExit(const std::string& text) : Error(text), code_(1), has_text_(true) {}
  std::vector<std::string_view> names() const override { return {"SystemExit"}; }
  int code() const { return code_; }
  bool has_text() const { return has_text_; }

 private:
  int code_;
  bool has_text_ = false;
};

// Throws the class of that canonical name; one we do not know becomes RemoteError with the name in its text.
[[noreturn]] void raise(std::string_view name, const std::string& text);

// Throws the OSError, or the class derived from it, for what the system refused.
[[noreturn]] void raise(const platform::OsError& error);

// The canonical names of any exception: our own as they are, others (the system's, the standard library's) by what they
// mean.
std::vector<std::string> names_of(const std::exception& error);

}  // namespace mp

#endif  // REFERENCE_ERROR_H_
