#ifndef REFERENCE_START_METHOD_H_
#define REFERENCE_START_METHOD_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mp {

// How a process begins.
enum class StartMethod {
  kFork,        // as a copy of its creator; where the system has it
  kSpawn,       // as a fresh run of this program, given only what its function needs
  kForkserver,  // as a copy of a small server process, which is itself a fresh run of this program
};

std::string_view to_string(StartMethod method);
// Throws ValueError for a name that is none, or that this system does not offer.
StartMethod start_method(std::string_view name);

// The default method, used by everything that does not come from a context of its own. Until somebody sets it or asks for it, it
// is not set. The first of get_all_start_methods() is the system's default: fork where the system has it (as documented up to
// Python 3.13), spawn elsewhere. All these functions may be called in any thread.

// Throws RuntimeError when a method is set already, even if it is the same, unless `force`; ValueError for an unknown name.
void set_start_method(std::string_view method, bool force = false);
// Without a name: takes the system's default, or, with `force`, goes back to where no method is set.
void set_start_method(std::nullopt_t, bool force = false);
// Fixes the system's default if none is set.
std::string get_start_method();
// With `allow_none`, nothing is fixed, and nothing is what you get if no method is set.
std::optional<std::string> get_start_method(bool allow_none);
std::vector<std::string> get_all_start_methods();

// The program that spawn, and the fork server, run instead of this one: another build of it, say. An empty name: this one again.
void set_executable(std::string path);
std::string get_executable();

}  // namespace mp

#endif  // REFERENCE_START_METHOD_H_
