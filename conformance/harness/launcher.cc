#include "conformance/harness/launcher.h"

#include <algorithm>
#include <boost/process/exception.hpp>
#include <nlohmann/json.hpp>
#include <utility>

#include "conformance/harness/cannot_run.h"
#include "conformance/harness/guard.h"
#include "conformance/harness/this_process.h"
#include "conformance/protocol/line.h"

namespace mp::conformance {
namespace {

using Json = nlohmann::json;

void append(std::string& text, const char* what, const std::vector<std::string>& items) {
  for (const std::string& item : items) text += "\n  " + std::string(what) + item;
}

}  // namespace

std::string Leftovers::text() const {
  std::string text;
  append(text, "", processes);
  append(text, "shared memory ", shared_memory);
  append(text, "file ", files);
  return text;
}

struct Launcher::Impl {
  GuardPipes guard = start_guard();
  std::int64_t main_pid = 0;
  std::string isolation;

  Json ask(const Json& order) {
    try {
      write(order.dump() + "\n");
      return read();
    } catch (const boost::process::process_error&) {
      guard_is_gone();
    }
  }

 private:
  [[noreturn]] static void guard_is_gone() { throw CannotRun("the guard of the testee has ended; was it killed?"); }

  // To a pipe that nobody reads from any more, Boost says on Windows that nothing was written; elsewhere it throws.
  void write(const std::string& line) {
    for (std::size_t done = 0; done < line.size();) {
      const int count = guard.to.write(line.data() + done, static_cast<int>(line.size() - done));
      if (count <= 0) guard_is_gone();
      done += static_cast<std::size_t>(count);
    }
  }

  Json read() {
    for (;;) {
      if (const auto answer = splitter.next()) return Json::parse(*answer);
      char bytes[4096];
      const int count = guard.from.read(bytes, sizeof bytes);
      if (count <= 0) guard_is_gone();
      splitter.feed({bytes, static_cast<std::size_t>(count)});
    }
  }

  LineSplitter splitter;
};

Launcher::Launcher() {
  survive_broken_pipes();
  impl_ = std::make_unique<Impl>();
}

// The closed pipe tells the guard to end everything; when it has ended, so has its own pipe.
Launcher::~Launcher() {
  impl_->guard.to.close();
  try {
    char bytes[4096];
    while (impl_->guard.from.read(bytes, sizeof bytes) > 0) {
    }
  } catch (const boost::process::process_error&) {  // an error of reading is an end, too
  }
}

void Launcher::start(const std::vector<std::string>& command, const std::map<std::string, std::string>& environment) {
  const Json answer = impl_->ask({{"command", command}, {"environment", environment}});
  if (answer.contains("failed")) throw CannotRun("the testee " + answer["failed"].get<std::string>());
  impl_->main_pid = answer["started"].get<std::int64_t>();
  impl_->isolation = answer["isolation"].get<std::string>();
}

std::int64_t Launcher::main_pid() const { return impl_->main_pid; }
const std::string& Launcher::isolation() const { return impl_->isolation; }

bool Launcher::kill(std::int64_t pid, int signal) {
  return impl_->ask({{"kill", pid}, {"signal", signal}})["killed"].get<bool>();
}

bool Launcher::pause(std::int64_t pid) { return impl_->ask({{"pause", pid}})["paused"].get<bool>(); }
bool Launcher::resume(std::int64_t pid) { return impl_->ask({{"resume", pid}})["resumed"].get<bool>(); }

std::vector<SeenThread> Launcher::look(std::int64_t pid) {
  std::vector<SeenThread> threads;
  const Json answer = impl_->ask({{"look", pid}});
  for (const Json& thread : answer["threads"]) {
    threads.push_back({thread["state"].get<std::string>().at(0), thread["where"].get<std::string>(),
                       thread["turns"].get<std::int64_t>()});
  }
  return threads;
}

bool Launcher::has_ended(std::int64_t pid) {
  return std::ranges::all_of(look(pid),
                             [](const SeenThread& thread) { return thread.state == 'Z' || thread.state == 'X'; });
}

Launcher::Ending Launcher::finish(double seconds) {
  const Json answer = impl_->ask({{"finish", seconds}});
  Ending ending;
  if (!answer["ended"].is_null()) ending.status = answer["ended"].get<int>();
  ending.leftovers.processes = answer["processes"].get<std::vector<std::string>>();
  ending.leftovers.shared_memory = answer["shared_memory"].get<std::vector<std::string>>();
  ending.leftovers.files = answer["files"].get<std::vector<std::string>>();
  return ending;
}

std::string Launcher::output() { return impl_->ask({{"output", true}})["output"].get<std::string>(); }

}  // namespace mp::conformance
