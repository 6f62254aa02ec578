#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/system/error_code.hpp>  // missing in the next one
//
#include <algorithm>
#include <array>
#include <boost/process/search_path.hpp>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "conformance/harness/confinement.h"
#include "conformance/harness/guard.h"
#include "conformance/harness/guard_order_posix.h"
#include "conformance/harness/guard_orders.h"
#include "conformance/harness/output_capture.h"

extern char** environ;  // not every system declares it

namespace mp::conformance {
namespace {

using Json = nlohmann::json;
using Clock = std::chrono::steady_clock;

int g_child_ended[2];  // a byte comes out for each SIGCHLD

extern "C" void note_child_ended(int) {
  const int saved = errno;
  (void)!::write(g_child_ended[1], "x", 1);
  errno = saved;
}

// Not inherited by what is started later; there is one thread, so nothing is started in between.
bool make_pipe(int (&ends)[2]) {
  if (::pipe(ends) != 0) return false;
  for (const int end : ends) ::fcntl(end, F_SETFD, FD_CLOEXEC);
  return true;
}

std::string sentence(int code) { return std::generic_category().message(code); }

// The words of a list as exec wants them.
std::vector<char*> pointers(std::vector<std::string>& words) {
  std::vector<char*> pointers;
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  return pointers;
}

// The C locale in UTF-8, its own directory for temporary files, and what the runner tells the testee.
std::vector<std::string> environment_of(const Json& given, const std::string& directory) {
  std::vector<std::string> words = {"LANG=C.UTF-8", "TMPDIR=" + directory};
  std::set<std::string> names = {"LANG", "TMPDIR", "LC_ALL", "LC_CTYPE", "LC_MESSAGES", "LANGUAGE", "TMP", "TEMP"};
  for (const auto& [name, value] : given.items()) {
    names.insert(name);
    words.push_back(name + "=" + value.get<std::string>());
  }
  for (char** word = environ; *word != nullptr; ++word) {
    const std::string_view text = *word;
    if (!names.contains(std::string(text.substr(0, text.find('='))))) words.emplace_back(text);
  }
  return words;
}

// A command ready to be become: everything is prepared before there is a child (Confinement::begin).
class Launch {
 public:
  Launch(const Json& command, const Json& environment, const std::string& directory)
      : words_(command.get<std::vector<std::string>>()),
        program_(place_of(words_.front())),
        environment_(environment_of(environment, directory)),
        argv_(pointers(words_)),
        envp_(pointers(environment_)) {}

  // Never returns: becomes the command, or writes to `trouble` why not. What every testee finds, whoever runs the runner: default signals,
  // nothing blocked, an empty standard input, no core files, an ordinary number of descriptors, its own session.
  [[noreturn]] void become(int output, int trouble) const {
    ::setsid();
    ::umask(022);
    for (int signal = 1; signal < NSIG; ++signal) ::signal(signal, SIG_DFL);
    sigset_t none;
    sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    rlimit limit{};
    ::getrlimit(RLIMIT_CORE, &limit);
    limit.rlim_cur = 0;
    ::setrlimit(RLIMIT_CORE, &limit);
    ::getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = std::min<rlim_t>(limit.rlim_max, 1024);
    ::setrlimit(RLIMIT_NOFILE, &limit);
    ::dup2(::open("/dev/null", O_RDONLY | O_CLOEXEC), STDIN_FILENO);
    ::dup2(output, STDOUT_FILENO);
    ::dup2(output, STDERR_FILENO);
    ::execve(program_.c_str(), argv_.data(), envp_.data());
    const int code = errno;
    (void)!::write(trouble, &code, sizeof code);
    ::_exit(127);
  }

 private:
  // As a shell would find it. What is not found has an empty name, which the system refuses.
  static std::string place_of(const std::string& word) {
    return word.find('/') != std::string::npos ? word : boost::process::search_path(word).string();
  }

  std::vector<std::string> words_;
  std::string program_;
  std::vector<std::string> environment_;
  std::vector<char*> argv_, envp_;
};

// One guard inside its room.
//
// Owns:    every process of the testee, the directory for its temporary files, what it printed.
// Threads: one.
// Blocks:  run(), until the runner lets go.
class Guard : GuardOrders {
 public:
  Guard(const Confinement& confinement, std::string directory)
      : confinement_(confinement), directory_(std::move(directory)) {}

  int run() {
    struct sigaction action {};
    action.sa_handler = note_child_ended;
    action.sa_flags = SA_RESTART | SA_NOCLDSTOP;
    if (!make_pipe(g_child_ended)) return 1;
    for (const int end : g_child_ended) ::fcntl(end, F_SETFL, O_NONBLOCK);
    ::sigaction(SIGCHLD, &action, nullptr);
    ::signal(SIGPIPE, SIG_IGN);
    while (step()) {
    }
    confinement_.end_all();
    return 0;
  }

 private:
  // False: the runner has let go.
  bool step() {
    std::array<pollfd, 3> watched = {pollfd{STDIN_FILENO, POLLIN, 0}, pollfd{g_child_ended[0], POLLIN, 0},
                                     pollfd{output_, POLLIN, 0}};
    ::poll(watched.data(), watched.size(), patience());
    if (watched[1].revents != 0) collect();
    if (watched[2].revents != 0) drain_output();
    if (watched[0].revents != 0 && !take_orders()) return false;
    settle_finish();
    return true;
  }

  // Of orphans that are no children of the guard (macOS) no signal tells that they have ended: they are looked for.
  int patience() const {
    constexpr std::int64_t kGlance = 20;  // milliseconds
    if (!finish_by_) return -1;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(*finish_by_ - Clock::now()).count();
    return static_cast<int>(std::clamp<std::int64_t>(left, 0, alone_ ? kGlance : std::numeric_limits<int>::max()));
  }

  void collect() {
    char bytes[64];
    while (::read(g_child_ended[0], bytes, sizeof bytes) > 0) {
    }
    int status = 0;
    pid_t pid;
    while ((pid = ::waitpid(-1, &status, WNOHANG)) > 0) {
      if (pid == main_) status_ = WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
    }
    alone_ = pid < 0 && errno == ECHILD;
  }

  // Takes what is there, so that the testee never waits for us.
  void drain_output() {
    std::array<char, 65536> bytes;
    const ssize_t count = ::read(output_, bytes.data(), bytes.size());
    if (count > 0) {
      printed_.add({bytes.data(), static_cast<std::size_t>(count)});
    } else if (count == 0) {
      ::close(output_);
      output_ = -1;
    }
  }

  bool take_orders() {
    std::array<char, 4096> bytes;
    const ssize_t count = ::read(STDIN_FILENO, bytes.data(), bytes.size());
    if (count <= 0) return count < 0 && errno == EINTR;
    feed({bytes.data(), static_cast<std::size_t>(count)});
    return true;
  }

  bool kill(std::int64_t pid, int signal) override { return confinement_.kill(pid, signal); }
  bool pause(std::int64_t pid) override { return confinement_.kill(pid, SIGSTOP); }
  bool resume(std::int64_t pid) override { return confinement_.kill(pid, SIGCONT); }
  std::vector<SeenThread> look(std::int64_t pid) override { return confinement_.look(pid); }
  std::string output() override { return printed_.text(); }
  void finish(double seconds) override {
    finish_by_ = Clock::now() + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
  }

  void start(const Json& command, const Json& environment) override {
    int output[2], trouble[2];
    if (!make_pipe(output) || !make_pipe(trouble)) return failed(command, sentence(errno));
    const Launch prepared(command, environment, directory_);
    const pid_t pid = confinement_.begin([&] { prepared.become(output[1], trouble[1]); });
    if (pid < 0) return failed(command, sentence(errno));
    main_ = pid;
    ::close(output[1]);
    ::close(trouble[1]);
    output_ = output[0];
    int code = 0;
    const ssize_t count = ::read(trouble[0], &code, sizeof code);  // its end: exec has closed the other side
    ::close(trouble[0]);
    if (count > 0) return failed(command, sentence(code));
    alone_ = false;
    started(main_, confinement_.kind());
  }

  void settle_finish() {
    if (!finish_by_) return;
    const bool all_ended = alone_ && confinement_.is_empty();
    if (!all_ended && Clock::now() < *finish_by_) return;
    finish_by_.reset();
    Words processes;
    for (const std::int64_t pid : confinement_.processes()) {
      processes.push_back("process " + std::to_string(pid) + ": " + confinement_.command_of(pid));
    }
    ended(status_, processes, confinement_.shared_memory(), directory_);
  }

  void write(const std::string& line) override {
    for (std::size_t done = 0; done < line.size();) {
      const ssize_t count = ::write(STDOUT_FILENO, line.data() + done, line.size() - done);
      if (count < 0 && errno != EINTR) return;
      if (count > 0) done += static_cast<std::size_t>(count);
    }
  }

  const Confinement& confinement_;
  const std::string directory_;
  pid_t main_ = -1;
  std::optional<int> status_;
  bool alone_ = true;
  int output_ = -1;  // a negative descriptor is one that poll() skips
  OutputCapture printed_;
  std::optional<Clock::time_point> finish_by_;
};

std::string make_directory() {
  const char* parent = std::getenv("TMPDIR");
  std::string name = std::string(parent != nullptr && *parent != 0 ? parent : "/tmp") + "/conform-XXXXXX";
  return ::mkdtemp(name.data()) != nullptr ? name : std::string();
}

// The process that the post forked only makes the room, and removes what the testee left when all in it have ended.
int guard_one(bool closely) {
  const std::string directory = make_directory();
  const int status =
      Confinement::run(closely, [&](const Confinement& confinement) { return Guard(confinement, directory).run(); });
  std::error_code error;
  if (!directory.empty()) std::filesystem::remove_all(directory, error);
  return status;
}

}  // namespace

// It is not in the runner's session, so that a key stroke which ends the runner reaches neither it nor the testees: they end in order.
int guard_main() {
  ::setsid();
  for (int descriptor = 3; descriptor < 1024; ++descriptor) ::close(descriptor);
  const int requests = ::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3);
  ::signal(SIGCHLD, SIG_IGN);  // guards are collected by the system
  while (const auto order = receive_order(requests)) {
    const pid_t guard = ::fork();
    if (guard == 0) {
      ::signal(SIGCHLD, SIG_DFL);
      ::close(requests);
      ::dup2(order->input, STDIN_FILENO);
      ::dup2(order->output, STDOUT_FILENO);
      ::close(order->input);
      ::close(order->output);
      ::_exit(guard_one(order->closely));
    }
    ::close(order->input);
    ::close(order->output);
  }
  return 0;
}

}  // namespace mp::conformance
