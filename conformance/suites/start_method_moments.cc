#include "conformance/suites/start_method_moments.h"

namespace mp::conformance {

void unset_start_method(Caller& caller) { caller.call("set_start_method", None, Kwargs{{"force", true}}); }

Value default_method(Caller& caller) {
  const Value methods = caller.call("get_all_start_methods");
  return methods.items().at(0);
}

Value another_method(Caller& caller, const std::string& than) {
  const Value methods = caller.call("get_all_start_methods");
  for (const Value& method : methods.items()) {
    if (method != Value(than)) return method;
  }
  return than;
}

void run_a_process(Caller& caller, Ref process) {
  caller.call(process, "start");
  caller.call(process, "join");
}

}  // namespace mp::conformance
