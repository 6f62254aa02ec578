#ifndef CONFORMANCE_HARNESS_TESTEE_H_
#define CONFORMANCE_HARNESS_TESTEE_H_

#include <chrono>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "conformance/harness/actor.h"
#include "conformance/harness/launcher.h"
#include "conformance/harness/settings.h"
#include "conformance/protocol/implementation.h"

namespace mp::conformance {

class Lines;

// How a process is made. What is left out stays the implementation's own choice.
struct ProcessOptions {
  std::string name{};
  std::optional<bool> daemon{};
  std::string class_name = "Process";  // or "ServeProcess"
  std::optional<Ref> context{};        // from get_context
  Actor* parent = nullptr;             // none: main
  Kwargs kwargs{};                     // of the function serve
};

// One running testee: all its processes, and the runner's end of their lines.
//
// Owns:    the guard and through it every process; all have ended when the destructor returns.
// Shares:  nothing.
// Threads: one; events are handled only inside wait(), so nothing changes between two steps of a test.
// Blocks:  wait() and what is built on it, never longer than the runner's limits.
// Throws:  Unresolved: it broke the protocol, or the arrangement of a test failed. NotClaimed: the test needs a feature that it does not
//          have. CannotRun: it cannot be started.
class Testee {
 public:
  // What one wait and one whole test may take.
  struct Limits {
    std::chrono::duration<double> answer{10};
    std::chrono::duration<double> test{60};
  };
  static Limits limits();  // multiplied by the time scale

  Testee(const Settings& settings, const std::string& start_method);
  ~Testee();

  // Waits for main's hello.
  void await_main();
  Actor& main() { return *actors_.front(); }
  const Implementation& implementation() const { return implementation_; }
  // Of section 10 of the protocol.
  static constexpr const char* kThreads = "threads";
  static constexpr const char* kPassConnections = "pass-connections";
  bool has_feature(const std::string& feature) const;
  // Throws NotClaimed without it.
  void need(const std::string& feature, const std::string& place) const;

  // A Process object that, once started, opens a line of its own.
  Actor& make_process(Values args, const ProcessOptions& options, const Name& place);
  // A name that somebody else will say hello with: a task of a pool that performs `serve`.
  Actor& expect_actor();
  // Waits for its hello. False: it did not come within the limit.
  bool await_hello(Actor& actor);

  // ---- steps
  Pending begin(Actor& actor, const std::string& thread, Step step);
  // Until `done`, the time, or the end of all that the test may take. False: `done` does not hold.
  bool wait(const std::function<bool()>& done, Clock::time_point until);
  bool wait_for_limit(const std::function<bool()>& done) { return wait(done, Clock::now() + in_clock(limits().answer)); }
  void await(Exchange& exchange);
  // Gives way for some time, as a test that watches whether nothing happens.
  void pass(std::chrono::duration<double> time);
  void bye(Actor& actor, Exit exit);
  void kill(Actor& actor, int signal);
  void pause(Actor& actor);
  void resume(Actor& actor);
  bool has_ended(std::int64_t pid) { return launcher_.has_ended(pid); }
  // The system does not know the id any more: the process has ended, and was taken note of.
  bool is_forgotten(std::int64_t pid) { return launcher_.look(pid).empty(); }
  // No thread of it runs: it waits for something.
  bool is_asleep(Actor& actor);

  // ---- judgement
  // What an unlooked-at Reply found; thrown by the next step.
  void note_surprise(const Exchange& exchange) noexcept;
  // A comparison did not hold. After a hang or a crash going on makes no sense: then the next step throws Broken.
  void note_failure(const Exchange& exchange);
  void note_cause(const std::string& cause);
  // The first one noted, empty if there is none.
  const std::string& cause() const { return cause_; }
  // Throws what was noted.
  void check() const;
  // It broke the protocol, so that nothing it said can be believed.
  const std::optional<Unresolved>& breach() const { return breach_; }

  // ---- the end
  // Nothing is expected of the end any more: something was killed by the test, or left blocked.
  bool is_forced() const { return forced_; }
  void force() { forced_ = true; }
  // Says bye to everybody, main last, and waits until all have ended. Returns a cause and a message if that was not so.
  struct Trouble {
    std::string cause, message;
  };
  std::optional<Trouble> end();
  // What is left of it all; ends what can be ended first.
  Leftovers end_and_look();

  // ---- for people
  std::string named(const Value& value) const { return objects_.named(value); }  // objects by their names
  std::string transcript();
  // Which call is open where, since when, and what the system says each process does.
  std::string forensics();
  std::string output() { return launcher_.output(); }
  const std::string& isolation() const { return launcher_.isolation(); }
  static Clock::duration in_clock(std::chrono::duration<double> time) {
    return std::chrono::duration_cast<Clock::duration>(time);
  }

 private:
  void take_line(const std::shared_ptr<Connection>& connection, const std::string& line);
  void take_hello(const std::shared_ptr<Connection>& connection, const std::string& line);
  void take_answer(Actor& actor, const std::string& line);
  void lose(Connection& connection);
  Launcher::Ending await_end();
  void note_breach(const std::string& cause, const std::string& message);
  void send(Actor& actor, const Request& request);
  bool is_blocked(const Actor& actor) const;
  void begin_bye(Actor& actor, Exit exit);
  std::optional<Trouble> say_bye();
  std::optional<Trouble> say_bye(Actor& actor, Exit exit);

  Value from_actor(Actor& actor, Value value, const std::string& hint);
  void adopt_args(Actor& actor, const Hello& hello);
  std::string describe(const Actor& actor);

  Launcher launcher_;
  std::unique_ptr<Lines> lines_;
  std::string token_;
  Implementation implementation_;
  std::deque<std::unique_ptr<Actor>> actors_;
  std::map<Actor*, Values> sent_args_;
  Objects objects_;
  std::vector<std::shared_ptr<Exchange>> exchanges_;
  const Clock::time_point begun_ = Clock::now();
  Clock::time_point patience_;  // the end of all waits
  std::optional<Unresolved> breach_, surprise_;
  std::optional<Broken> broken_;
  std::string cause_;
  bool forced_ = false;
  bool ended_ = false;
};

}  // namespace mp::conformance

#endif  // CONFORMANCE_HARNESS_TESTEE_H_
