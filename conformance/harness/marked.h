#ifndef CONFORMANCE_HARNESS_MARKED_H_
#define CONFORMANCE_HARNESS_MARKED_H_

#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "conformance/harness/guard.h"

namespace mp::conformance {

// Finds, for tests of the harness, what is left of the processes that this one started, directly or not: all inherit a variable of its
// environment that no other process has.
class Marked {
 public:
  Marked() : mark_("HARNESS_TEST_MARK=" + std::to_string(::getpid()) + "." + std::to_string(++made_)) {
    ::setenv("HARNESS_TEST_MARK", mark_.substr(mark_.find('=') + 1).c_str(), 1);
    dismiss_post();
  }
  ~Marked() { dismiss_post(); }

  // Those that are still there, after waiting for them to go.
  std::vector<std::string> left(std::chrono::seconds patience = std::chrono::seconds(20)) const {
    dismiss_post();
    const auto limit = std::chrono::steady_clock::now() + patience;
    std::vector<std::string> found = now();
    while (!found.empty() && std::chrono::steady_clock::now() < limit) {
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
      found = now();
    }
    return found;
  }

  std::vector<std::string> now() const {
    namespace fs = std::filesystem;
    std::vector<std::string> found;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator("/proc", error)) {
      const std::string pid = entry.path().filename();
      if (pid.find_first_not_of("0123456789") != std::string::npos || pid == std::to_string(::getpid())) continue;
      if (content(entry.path() / "environ").find(mark_) != std::string::npos) found.push_back(pid + " " + content(entry.path() / "cmdline"));
    }
    return found;
  }

 private:
  static std::string content(const std::filesystem::path& path) {
    std::ifstream file(path);
    std::stringstream text;
    text << file.rdbuf();  // a process that has just gone reads as nothing
    return text.str();
  }

  static inline int made_ = 0;
  std::string mark_;
};

}  // namespace mp::conformance

#endif  // CONFORMANCE_HARNESS_MARKED_H_
