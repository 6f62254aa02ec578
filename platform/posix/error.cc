#include "platform/error.h"

#include <system_error>

namespace mp::platform {

OsError::OsError(const std::string& operation, int code)
    : std::runtime_error(operation + ": " + std::system_category().message(code) + " (error " + std::to_string(code) +
                         ")"),
      operation_(operation),
      code_(code) {}

std::error_condition OsError::condition() const { return std::system_category().default_error_condition(code_); }

}  // namespace mp::platform
