#ifndef REFERENCE_PYTHON_PEER_H_
#define REFERENCE_PYTHON_PEER_H_

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

extern char** environ;

namespace mp {

// A run of a Python script, the other end of a test.
//
// Owns:    the process: one that still runs at the end of the object is killed, so that a test that fails does not wait for it.
// Shares:  nothing.
// Threads: one.
// Blocks:  line() until there is one or the script has ended; end() until it has.
// Throws:  std::runtime_error when python3 cannot be started.
class PythonPeer {
 public:
  explicit PythonPeer(std::vector<std::string> arguments) {
    int ends[2];
    if (::pipe(ends) != 0) throw std::runtime_error("no pipe for a script");
    for (const int end : ends) ::fcntl(end, F_SETFD, FD_CLOEXEC);
    arguments.insert(arguments.begin(), "python3");
    std::vector<char*> words;
    for (std::string& word : arguments) words.push_back(word.data());
    words.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    const int error = ::posix_spawnp(&pid_, words[0], &actions, nullptr, words.data(), environ);
    ::posix_spawn_file_actions_destroy(&actions);
    ::close(ends[1]);
    output_ = ::fdopen(ends[0], "r");
    if (error != 0) throw std::runtime_error("python3 cannot be started");
  }
  PythonPeer(const PythonPeer&) = delete;
  ~PythonPeer() {
    kill();
    end();
    std::fclose(output_);
  }

  // Without its end; empty at the end of the output.
  std::string line() {
    std::string text;
    for (int c; (c = std::fgetc(output_)) != EOF && c != '\n';) text += static_cast<char>(c);
    return text;
  }
  // The exit code; -1 for a script that was killed.
  int end() {
    if (pid_ == 0) return status_;
    int status = 0;
    ::waitpid(std::exchange(pid_, 0), &status, 0);
    return status_ = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }
  void kill() {
    if (pid_ != 0) ::kill(pid_, SIGKILL);
  }

 private:
  ::pid_t pid_ = 0;
  std::FILE* output_;
  int status_ = -1;
};

}  // namespace mp

#endif  // REFERENCE_PYTHON_PEER_H_
