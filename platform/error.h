#ifndef PLATFORM_ERROR_H_
#define PLATFORM_ERROR_H_

#include <stdexcept>
#include <string>
#include <system_error>

namespace mp::platform {

// The one exception of this layer: the system refused a request that should have worked.
// Expected outcomes (late, full, ended) are return values, never an OsError.
class OsError : public std::runtime_error {
 public:
  // `code` is the system's own number: errno on Linux and macOS, GetLastError() on Windows.
  OsError(const std::string& operation, int code);

  const std::string& operation() const { return operation_; }
  int code() const { return code_; }
  // What the code means on every system, where it has such a meaning (std::errc).
  std::error_condition condition() const;

 private:
  std::string operation_;
  int code_;
};

}  // namespace mp::platform

#endif  // PLATFORM_ERROR_H_
