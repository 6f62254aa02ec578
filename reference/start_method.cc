#include "reference/start_method.h"

#include <algorithm>
#include <atomic>

#include "platform/child.h"
#include "reference/error.h"

namespace mp {
namespace {

// No locks: a thread that held one while another forks would leave it locked in the child for ever.
constexpr StartMethod kNotSet{-1};
std::atomic<StartMethod> the_method = kNotSet;

// What was replaced stays, as another thread may still read it.
struct Executable {
  std::string path;
  const Executable* before;
};
std::atomic<const Executable*> the_executable = nullptr;

StartMethod system_default() { return platform::Child::has_fork() ? StartMethod::kFork : StartMethod::kSpawn; }

void set(StartMethod method, bool force) {
  StartMethod before = kNotSet;
  if (force) {
    the_method = method;
  } else if (!the_method.compare_exchange_strong(before, method)) {
    throw RuntimeError("the start method is set already, to " + std::string(to_string(before)) +
                       "; set it once, first thing in main(), or force it");
  }
}

}  // namespace

std::string_view to_string(StartMethod method) {
  switch (method) {
    case StartMethod::kFork: return "fork";
    case StartMethod::kSpawn: return "spawn";
    case StartMethod::kForkserver: return "forkserver";
  }
  return "";
}

StartMethod start_method(std::string_view name) {
  const auto methods = get_all_start_methods();
  if (std::find(methods.begin(), methods.end(), name) == methods.end()) {
    throw ValueError("there is no start method '" + std::string(name) +
                     "' on this system; get_all_start_methods() lists them");
  }
  for (const StartMethod method : {StartMethod::kFork, StartMethod::kSpawn}) {
    if (name == to_string(method)) return method;
  }
  return StartMethod::kForkserver;
}

void set_start_method(std::string_view method, bool force) { set(start_method(method), force); }

void set_start_method(std::nullopt_t, bool force) { set(force ? kNotSet : system_default(), force); }

std::string get_start_method() {
  StartMethod method = kNotSet;
  if (the_method.compare_exchange_strong(method, system_default())) method = system_default();
  return std::string(to_string(method));
}

std::optional<std::string> get_start_method(bool allow_none) {
  if (!allow_none) return get_start_method();
  const StartMethod method = the_method;
  if (method == kNotSet) return std::nullopt;
  return std::string(to_string(method));
}

std::vector<std::string> get_all_start_methods() {
  if (platform::Child::has_fork()) return {"fork", "spawn", "forkserver"};
  return {"spawn"};
}

void set_executable(std::string path) {
  auto* const next = new Executable{std::move(path), the_executable};
  while (!the_executable.compare_exchange_weak(next->before, next)) {
  }
}

std::string get_executable() {
  const Executable* const current = the_executable;
  return current == nullptr || current->path.empty() ? platform::this_program() : current->path;
}

}  // namespace mp
