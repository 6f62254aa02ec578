#include "conformance/harness/workers.h"

#include <algorithm>
#include <boost/asio.hpp>
#include <boost/process/args.hpp>
#include <boost/process/async_pipe.hpp>
#include <boost/process/child.hpp>
#include <boost/process/exe.hpp>
#include <boost/process/io.hpp>
#include <csignal>
#include <exception>
#include <iostream>
#include <memory>
#include <optional>
#include <utility>

#include "conformance/harness/cannot_run.h"
#include "conformance/harness/path_text.h"
#include "conformance/harness/this_process.h"

namespace mp::conformance {
namespace {

namespace asio = boost::asio;
namespace process = boost::process;
using boost::system::error_code;

void keep_from_children(process::async_pipe& pipe) {
  conformance::keep_from_children((std::intptr_t)pipe.native_source());
  conformance::keep_from_children((std::intptr_t)pipe.native_sink());
}

// One worker process. Handlers keep it alive; a buried worker's handlers do nothing.
struct Worker {
  explicit Worker(asio::io_context& loop) : input(loop), output(loop), timer(loop) {
    // Or the next worker would hold this one's pipes open, and neither side would see the other go. What this worker
    // itself is given are copies. (limit_handles of Boost.Process 1.81 closes the child's standard output, too.)
    keep_from_children(input);
    keep_from_children(output);
  }

  process::async_pipe input;
  process::async_pipe output;
  process::child child;
  asio::steady_timer timer;
  std::string buffer;
  std::optional<std::size_t> job;
  bool buried = false;
  bool too_slow = false;
};

// Everything runs in one thread, as handlers of one loop.
class Conductor {
 public:
  Conductor(const Jobs& jobs, const Crew& crew, const std::function<bool(std::size_t, const Outcome&)>& done)
      : jobs_(jobs), crew_(crew), done_(done), signals_(loop_, SIGINT, SIGTERM) {}

  Ended run() {
    survive_broken_pipes();  // a worker may die while its next job is being written
    signals_.async_wait([this](error_code error, int) {
      if (!error) stop(Ended::kInterrupted);
    });
    const auto wanted = std::min<std::size_t>(crew_.size, jobs_.count);
    if (wanted > 0) hire();
    for (std::size_t i = 1; i < wanted; ++i) hire_if_possible();
    if (wanted == 0) stop(Ended::kAllDone);
    loop_.run();
    return ended_;
  }

 private:
  using Shared = std::shared_ptr<Worker>;

  void hire() {
    auto worker = std::make_shared<Worker>(loop_);
    try {
      worker->child =
          process::child(process::exe = path_of(crew_.program.at(0)).native(),
                         process::args = std::vector<std::string>(crew_.program.begin() + 1, crew_.program.end()),
                         process::std_in<worker->input, process::std_out> worker->output);
    } catch (const process::process_error& error) {
      throw CannotRun("a worker (" + crew_.program.at(0) + ") cannot be started: " + error.what());
    }
    workers_.push_back(worker);
    give_job(worker);
    listen(worker);
  }

  // Many tests at once are more than some systems allow.
  void hire_if_possible() {
    try {
      hire();
    } catch (const CannotRun&) {
      if (workers_.empty()) stop(Ended::kNoWorkers);
    }
  }

  // The next job; without one the worker has done its part.
  void give_job(const Shared& worker) {
    if (next_ == jobs_.count) return retire(worker);
    worker->job = next_++;
    watch(worker);
    const std::string line = line_of(jobs_.job(*worker->job)) + "\n";
    // A worker waits for its job, so this never blocks for long. If it has died, listen() hears of it.
    error_code ignored;
    asio::write(worker->input, asio::buffer(line), ignored);
  }

  void watch(const Shared& worker) {
    worker->timer.expires_after(crew_.patience);
    worker->timer.async_wait([worker](error_code error) {
      if (error || worker->buried || !worker->job) return;
      worker->too_slow = true;
      end(*worker);
      worker->output.close();  // ends listen(), even if somebody else still holds the other end
    });
  }

  void listen(const Shared& worker) {
    asio::async_read_until(worker->output, asio::dynamic_buffer(worker->buffer), '\n',
                           [this, worker](error_code error, std::size_t length) {
                             if (worker->buried) return;
                             if (error) return on_death(worker);
                             const std::string line = worker->buffer.substr(0, length - 1);
                             worker->buffer.erase(0, length);
                             on_line(worker, line);
                             if (!worker->buried) listen(worker);
                           });
  }

  // An outcome stands behind the mark; anything else was printed by a test or a library, and is passed on.
  void on_line(const Shared& worker, const std::string& line) {
    const auto mark = line.find(kOutcomeMark);
    const std::string noise = line.substr(0, mark);
    if (!noise.empty()) std::cerr << noise << "\n";
    if (mark == std::string::npos || !worker->job) return;
    const std::size_t job = *std::exchange(worker->job, std::nullopt);
    Outcome outcome;
    try {
      outcome = outcome_of(std::string_view(line).substr(mark + 1));
    } catch (const std::exception& error) {
      outcome = lost(job, "worker broken", std::string("the worker's answer makes no sense: ") + error.what());
    }
    report(job, outcome);
    if (!worker->buried) give_job(worker);
  }

  void on_death(const Shared& worker) {
    const bool too_slow = worker->too_slow;
    const std::optional<std::size_t> job = worker->job;
    bury(worker);
    if (job) {
      report(*job, too_slow
                       ? lost(*job, "runner hangs",
                              "the worker did not end this test within the runner's patience and was ended")
                       : lost(*job, "worker died", "the worker that ran this test died: " + end_of(worker->child)));
    }
    if (!stopped_ && next_ < jobs_.count) hire_if_possible();
    leave_if_done();
  }

  static std::string end_of(const process::child& child) {
    return "exit code or signal " + std::to_string(child.exit_code()) + ", raw status " +
           std::to_string(child.native_exit_code());
  }

  Outcome lost(std::size_t number, std::string cause, std::string message) const {
    const Job job = jobs_.job(number);
    Outcome outcome;
    outcome.test = job.test;
    outcome.clause = job.clause;
    outcome.start_method = job.start_method;
    outcome.cause = std::move(cause);
    outcome.message = std::move(message);
    return outcome;
  }

  void report(std::size_t job, const Outcome& outcome) {
    if (!stopped_ && !done_(job, outcome)) stop(Ended::kStopped);
  }

  void retire(const Shared& worker) {
    bury(worker);
    leave_if_done();
  }

  static void end(Worker& worker) {
    std::error_code ignored;  // it may have ended by itself
    worker.child.terminate(ignored);
  }

  // The end of its input is the worker's sign to leave, which it does at once.
  void bury(const Shared& worker) {
    worker->buried = true;
    worker->timer.cancel();
    worker->input.close();
    worker->output.close();
    std::error_code ignored;
    worker->child.wait(ignored);
    std::erase(workers_, worker);
  }

  void leave_if_done() {
    if (workers_.empty()) signals_.cancel();
  }

  void stop(Ended how) {
    stopped_ = true;
    ended_ = how;
    for (const Shared& worker : std::vector(workers_)) {
      end(*worker);
      bury(worker);
    }
    signals_.cancel();
  }

  const Jobs& jobs_;
  const Crew& crew_;
  const std::function<bool(std::size_t, const Outcome&)>& done_;
  asio::io_context loop_{1};
  asio::signal_set signals_;
  std::vector<Shared> workers_;
  std::size_t next_ = 0;
  bool stopped_ = false;
  Ended ended_ = Ended::kAllDone;
};

}  // namespace

Crew crew_of(std::vector<std::string> program, int size, double timeout_scale) {
  Crew crew{std::move(program), size};
  crew.patience = std::chrono::ceil<std::chrono::seconds>(crew.patience * std::max(1.0, timeout_scale));
  return crew;
}

Ended run_jobs(const Jobs& jobs, const Crew& crew, const std::function<bool(std::size_t, const Outcome&)>& done) {
  return Conductor(jobs, crew, done).run();
}

}  // namespace mp::conformance
