#ifndef CONFORMANCE_HARNESS_ACTOR_H_
#define CONFORMANCE_HARNESS_ACTOR_H_

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "conformance/harness/pending.h"

namespace mp::conformance {

// The name of a method, class or attribute, and the line of the test that says it.
struct Name {
  Name(const char* text, const char* file = __builtin_FILE(), int line = __builtin_LINE())
      : text(text), file(file), line(line) {}
  Name(const std::string& text, const char* file = __builtin_FILE(), int line = __builtin_LINE())
      : text(text), file(file), line(line) {}
  std::string text;
  const char* file;
  int line;
};

// "queue_test.cc:12"
std::string place_of(const Name& name);

// One thing to ask of a process: Step::call(queue, "put", 1).
struct Step {
  template <class... Args>
  static Step call(Ref on, Name method, Args&&... args) {
    return Step("call", method, on, std::forward<Args>(args)...);
  }
  template <class... Args>
  static Step call(Name function, Args&&... args) {
    return Step("call", function, Ref(), std::forward<Args>(args)...);
  }
  template <class... Args>
  static Step make(Name class_name, Args&&... args) {
    return Step("make", class_name, Ref(), std::forward<Args>(args)...);
  }
  static Step get(Ref on, Name attribute) { return Step("get", attribute, on); }
  static Step set(Ref on, Name attribute, Value value);
  static Step drop(Ref on, Name place = "") { return Step("drop", place, on); }
  static Step sleep(double seconds, Name place = "");

  Request request;  // its handles are those of Ref
  std::string place;

 private:
  template <class... Args>
  Step(const char* verb, const Name& name, Ref on, Args&&... args) : Step(verb, name, on) {
    (add(std::forward<Args>(args)), ...);
  }
  Step(const char* verb, const Name& name, Ref on);
  void add(const Kwargs& kwargs);
  void add(Value value) { request.args.push_back(std::move(value)); }
};

// A thread of a process of the testee, as somebody to give steps to.
class Caller {
 public:
  Caller(Testee& testee, Actor& actor, std::string thread) : testee_(&testee), actor_(&actor), thread_(std::move(thread)) {}

  // Method of an object, or function of the module when there is no object; waits for the answer.
  template <class... Args>
  Reply call(Ref on, Name method, Args&&... args) {
    return ask(Step::call(on, method, std::forward<Args>(args)...));
  }
  template <class... Args>
  Reply call(Name function, Args&&... args) {
    return ask(Step::call(function, std::forward<Args>(args)...));
  }
  template <class... Args>
  Reply make(Name class_name, Args&&... args) {
    return ask(Step::make(class_name, std::forward<Args>(args)...));
  }
  Reply get(Ref on, Name attribute) { return ask(Step::get(on, attribute)); }
  Reply set(Ref on, Name attribute, Value value) { return ask(Step::set(on, attribute, std::move(value))); }
  Reply drop(Ref on, Name place = "") { return ask(Step::drop(on, place)); }
  Reply sleep(double seconds, Name place = "") { return ask(Step::sleep(seconds, place)); }
  Reply ask(Step step) { return begin(std::move(step)).reply(); }

  // The same without waiting.
  template <class... Args>
  Pending begin(Ref on, Name method, Args&&... args) {
    return begin(Step::call(on, method, std::forward<Args>(args)...));
  }
  template <class... Args>
  Pending begin(Name function, Args&&... args) {
    return begin(Step::call(function, std::forward<Args>(args)...));
  }
  Pending begin(Step step);

  // All steps in order, `repeat` times over, without a line in between. One Reply for each.
  Pending begin_batch(std::vector<Step> steps, std::int64_t repeat = 1, Name place = "");
  std::vector<Reply> batch(std::vector<Step> steps, std::int64_t repeat = 1, Name place = "");

 protected:
  Testee* testee_;
  Actor* actor_;
  std::string thread_;
};

// The answers of a batch, once it has come back.
std::vector<Reply> replies_of(const Pending& batch);

struct Connection;  // lines.h

// One process of the testee, on its main thread unless thread() says otherwise.
//
// Owns:    its line, and what it calls its objects.
// Shares:  nothing; it lives as long as the test, though the process may end earlier.
// Threads: the test's only.
// Blocks:  as Pending::reply() does.
// Throws:  Unresolved, from everything, when an earlier step of the arrangement went wrong.
class Actor : public Caller {
 public:
  Actor(Testee& testee, std::string name, Ref process);

  const std::string& name() const { return name_; }  // "main", "a1"
  // Its Process object, known to the process that made it. Of main: none.
  Ref process() const { return process_; }
  Testee& testee() { return *testee_; }
  std::int64_t pid() const { return pid_; }
  // The arguments that reached it, objects among them as it knows them.
  const Values& args() const { return args_; }
  const Kwargs& kwargs() const { return kwargs_; }

  // A named thread of this process; it begins with its first request.
  Caller thread(std::string name) { return Caller(*testee_, *this, std::move(name)); }

  // From outside, by the system.
  void kill(int signal = 9);
  // It stands still, in whatever it is doing, from when pause() returns until resume(). Arrangement.
  void pause();
  void resume();
  bool has_ended();
  // Ends the process as section 6 of the protocol says; returns when its line is closed. Arrangement.
  void bye(Exit exit = {});

 private:
  friend class Testee;

  std::string name_;
  Ref process_;
  std::int64_t pid_ = 0;       // as the testee knows it
  std::int64_t host_pid_ = 0;  // as the runner's system does
  Values args_;
  Kwargs kwargs_;
  std::shared_ptr<Connection> connection_;  // none: it has not said hello
  bool is_closed_ = false;                  // its line is
  bool was_told_bye_ = false;
  bool is_leaving_ = false;  // it was told bye, or killed
  std::int64_t next_id_ = 1;
  std::map<std::int64_t, std::shared_ptr<Exchange>> open_;
  HandleMap handles_;
};

}  // namespace mp::conformance

#endif  // CONFORMANCE_HARNESS_ACTOR_H_
