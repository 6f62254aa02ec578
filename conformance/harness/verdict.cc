#include "conformance/harness/verdict.h"

namespace mp::conformance {

std::string_view to_string(Verdict verdict) {
  switch (verdict) {
    case Verdict::kPass: return "pass";
    case Verdict::kFail: return "fail";
    case Verdict::kUnresolved: return "unresolved";
    case Verdict::kUnsupported: return "unsupported";
    case Verdict::kUntested: return "untested";
  }
  return "?";
}

}  // namespace mp::conformance
