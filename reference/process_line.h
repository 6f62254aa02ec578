#ifndef REFERENCE_PROCESS_LINE_H_
#define REFERENCE_PROCESS_LINE_H_

#include <gtest/gtest.h>

#include <algorithm>
#include <span>
#include <string>
#include <utility>

#include "platform/channel.h"
#include "reference/codec.h"
#include "reference/process.h"
#include "reference/start_method.h"

// What the tests of processes have in common.
namespace mp {

// One end of a road for lines of text between a test and its child; for one child, as only one may read at a time.
class Line {
 public:
  explicit Line(platform::Channel end) : end_(std::move(end)) {}
  explicit Line(Undecoded) {}
  Line(const Line& other) : end_(platform::Channel::adopt(other.end_.handle())) {}
  Line(Line&&) = default;
  Line& operator=(Line&&) = default;
  static std::pair<Line, Line> pair() {
    auto [a, b] = platform::Channel::pair();
    return {Line(std::move(a)), Line(std::move(b))};
  }
  void save(Writer& writer) const { writer.attach(end_.handle()); }
  void load(Reader& reader) { end_ = platform::Channel::adopt(reader.detach()); }

  void say(const std::string& text) { end_.send(std::as_bytes(std::span(text)), {}, platform::Deadline::never()); }
  // "(end)" when nobody is there any more.
  std::string hear() {
    const auto received = end_.receive(platform::Deadline::never());
    if (received.outcome != platform::Channel::Outcome::kDone) return "(end)";
    return {reinterpret_cast<const char*>(received.message.bytes.data()), received.message.bytes.size()};
  }
  void close() { end_.close(); }

 private:
  platform::Channel end_;
};

// Each test runs under every start method, with a line of its own.
class ByEachMethod : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override { set_start_method(GetParam(), true); }
  bool forks() const { return GetParam() == "fork"; }
  Line& line() { return lines_.first; }
  Line& far_end() { return lines_.second; }

 private:
  std::pair<Line, Line> lines_ = Line::pair();
};

// Its exit code.
inline int finish(Process& process) {
  process.start();
  process.join();
  return process.exitcode().value();
}

// The exit code of one that was killed: minus the signal, or, on a system without fork and signals, that of terminate().
inline int killed() {
  const auto methods = get_all_start_methods();
  return std::ranges::find(methods, "fork") != methods.end() ? -9 : -15;
}

inline void wait_for_ever(Line line) {
  line.say("waits");
  line.hear();
  line.hear();
}

}  // namespace mp

#endif  // REFERENCE_PROCESS_LINE_H_
