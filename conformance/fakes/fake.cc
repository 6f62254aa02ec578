// A testee that misbehaves in one way, named by its first argument. In all else it keeps to the protocol, with objects that can do nothing
// but "echo" and "act". The tests of the harness prove with it that the judge survives every testee, and names what was wrong.
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <map>
#include <string>

#include "conformance/protocol/line.h"
#include "conformance/protocol/message.h"

namespace mp::conformance {
namespace {

[[noreturn]] void sleep_for_ever() {
  for (;;) ::pause();
}

// A line that can be written badly: Line of the protocol writes whole lines only.
class RawLine {
 public:
  RawLine() {
    const std::string address = std::getenv("CONFORM_ADDRESS");
    sockaddr_in peer{};
    peer.sin_family = AF_INET;
    peer.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    peer.sin_port = htons(static_cast<std::uint16_t>(std::stoi(address.substr(address.find(':') + 1))));
    socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (::connect(socket_, reinterpret_cast<const sockaddr*>(&peer), sizeof peer) != 0) ::_exit(4);
  }

  void write(const std::string& bytes) const {
    for (std::size_t done = 0; done < bytes.size();) {
      const ssize_t count = ::send(socket_, bytes.data() + done, bytes.size() - done, MSG_NOSIGNAL);
      if (count <= 0) ::_exit(0);
      done += static_cast<std::size_t>(count);
    }
  }

  // Leaves when the runner has closed the line.
  std::string read() {
    for (;;) {
      if (auto line = splitter_.next()) return *line;
      char bytes[4096];
      const ssize_t count = ::recv(socket_, bytes, sizeof bytes, 0);
      if (count <= 0) ::_exit(0);
      splitter_.feed({bytes, static_cast<std::size_t>(count)});
    }
  }

  void close() const { ::close(socket_); }

 private:
  int socket_;
  LineSplitter splitter_;
};

// One process of the fake.
class Fake {
 public:
  Fake(std::string mode, Hello hello) : mode_(std::move(mode)), hello_(std::move(hello)) {}

  int serve() {
    say_hello();
    for (;;) {
      const Request request = parse_request(line_.read());
      if (request.verb == "bye") return leave(request);
      obey(request);
    }
  }

 private:
  void say_hello() {
    if (hello_.role == "main") {
      if (mode_ == "silent") sleep_for_ever();
      if (mode_ == "garbage-hello") line_.write("GET / HTTP/1.1\r\n\r\n");
      if (mode_ == "wrong-token") hello_.token += "x";
      if (mode_ == "wrong-protocol") hello_.protocol = 2;
    } else {
      if (mode_ == "mute-child") sleep_for_ever();
      if (mode_ == "dead-child") ::_exit(1);
      if (mode_ == "late-child") ::usleep(200'000);
      if (mode_ == "stranger") hello_.actor = "nobody";
      if (mode_ == "usurper") hello_.actor = "main";
      if (mode_ == "exhibitionist") hello_.args = {Opaque{"?"}};
    }
    line_.write(encode(hello_) + "\n");
    if (mode_ == "two-hellos") line_.write(encode(hello_) + "\n");
    if (mode_ == "unasked") answer(7, Value(1));
  }

  void answer(std::int64_t id, decltype(Answer::result) result, double seconds = 0) {
    line_.write(encode(Answer{id, std::move(result), 1.0, seconds}) + "\n");
  }

  // The time is only said. A snail wakes up late.
  double slept(const Request& request) const {
    if (request.verb != "sleep") return 0;
    return request.seconds + (mode_ == "snail" ? 1.0 : 0.0);
  }

  void obey(const Request& request) {
    if (request.verb == "make") {
      if (request.name == "Nothing") return answer(request.id, Unsupported{"no Nothing here"});
      made_[++handles_] = request;
      answer(request.id, Value(Handle{handles_}));
    } else if (request.verb == "sleep") {
      answer(request.id, Value(None), slept(request));
    } else if (request.verb == "batch") {
      Batch batch;
      const std::size_t steps = request.calls.size() * static_cast<std::size_t>(request.repeat);
      for (std::size_t i = 0; i < steps - (mode_ == "short-batch"); ++i) batch.answers.push_back({0, Value(42), 1.0, 0});
      double seconds = 0;
      for (const Request& step : request.calls) seconds += static_cast<double>(request.repeat) * slept(step);
      answer(request.id, std::move(batch), seconds);
    } else if (request.name == "start") {
      start(made_[request.on->number]);
      answer(request.id, Value(None));
    } else if (request.name == "echo") {
      answer(request.id, request.args.at(0));
    } else if (request.name == "act") {
      act(request);
    } else {
      answer(request.id, Error{{"AttributeError", "Exception"}, "no " + request.name, {}});
    }
  }

  // A child as fork makes it, with the arguments of serve as they stand in the request that made its Process.
  void start(const Request& made) {
    if (::fork() != 0) return;
    line_.close();
    Hello hello;
    hello.token = hello_.token;
    hello.pid = ::getpid();
    hello.role = "child";
    for (const auto& [name, value] : made.kwargs.items) {
      if (name == "args") hello.args = value.items();
    }
    hello.actor = hello.args.at(0).text();
    hello.args.erase(hello.args.begin());
    ::_exit(Fake(mode_, std::move(hello)).serve());
  }

  void act(const Request& request) {
    const std::string good = encode(Answer{request.id, Value(42), 1.0, 0}) + "\n";
    const std::map<std::string, std::function<void()>> modes = {
        {"hang", [&] { sleep_for_ever(); }},
        {"crash", [&] { ::raise(SIGKILL); }},
        {"exit", [&] { ::_exit(3); }},
        {"garbage", [&] { line_.write("}{\n"); }},
        {"binary", [&] { line_.write(std::string("\xff\0\xfe\n", 4)); }},
        {"wrong-types", [&] { line_.write("{\"id\": \"one\", \"value\": 1, \"at\": 0.0, \"seconds\": 0.0}\n"); }},
        {"two-results", [&] { line_.write(good.substr(0, good.size() - 2) + ",\"error\":{\"types\":[\"X\"],\"text\":\"\"}}\n"); }},
        {"liar", [&] { answer(request.id + 1000, Value(42)); }},
        {"double", [&] { line_.write(good + good); }},
        {"cut-reply", [&] { line_.write(good.substr(0, good.size() / 2)), ::_exit(0); }},
        {"flood", [&] { for (;;) line_.write(std::string(1 << 20, 'x')); }},
        {"deep", [&] { line_.write("{\"id\":1,\"value\":" + std::string(1 << 20, '[') + "\n"); }},
        {"chatter", [&] { chatter(), line_.write(good); }},
        {"plodder", [&] { ::usleep(1'000'000), answer(request.id, Value(42), 1.0); }},
        {"sloth", [&] { answer(request.id, Value(42), 0.9); }},
        {"snail", [&] { answer(request.id, Value(42), 0.9); }},
        {"wrong", [&] { answer(request.id, Value(41)); }},
        {"raise", [&] { answer(request.id, Error{{"Full", "Exception"}, "queue is full", {}}); }},
        {"puzzled", [&] { answer(request.id, Error{{"ProtocolError"}, "what?", {}}); }},
        {"deserter", [&] { line_.write(good), line_.close(), sleep_for_ever(); }},
    };
    const auto mode = modes.find(mode_);
    mode == modes.end() ? line_.write(good) : mode->second();
  }

  static void chatter() {
    const std::string line(1023, 'x');
    for (int i = 0; i < 50'000; ++i) std::puts(line.c_str());
  }

  int leave(const Request& request) {
    if (hello_.role == "main") {
      if (mode_ == "mute-bye") sleep_for_ever();
      if (mode_ == "orphans") leave_orphans();
      if (mode_ == "leftovers") std::ofstream(std::string(std::getenv("TMPDIR")) + "/forgotten") << "x";
    }
    answer(request.id, Value(None));
    line_.close();
    if (hello_.role == "main") {
      if (mode_ == "immortal") sleep_for_ever();
      if (mode_ == "bad-exit") return 3;
    }
    return 0;
  }

  // They do what they can to be overlooked: a session of their own, no parent, deaf to signals.
  static void leave_orphans() {
    for (int i = 0; i < 5; ++i) {
      if (::fork() != 0) continue;
      ::setsid();
      ::signal(SIGTERM, SIG_IGN);
      ::signal(SIGHUP, SIG_IGN);
      for (int descriptor = 0; descriptor < 64; ++descriptor) ::close(descriptor);
      if (::fork() != 0) ::_exit(0);
      sleep_for_ever();
    }
  }

  const std::string mode_;
  Hello hello_;
  RawLine line_;
  std::uint64_t handles_ = 0;
  std::map<std::uint64_t, Request> made_;
};

int run(const std::string& mode) {
  if (mode == "mute") sleep_for_ever();
  if (mode == "stillborn") {
    std::fputs("no such module\n", stderr);
    return 1;
  }
  Hello hello;
  hello.token = std::getenv("CONFORM_TOKEN");
  hello.pid = ::getpid();
  hello.role = "main";
  hello.implementation = {"fake", "1", "linux", "c++", "3.11", {"fork"}, {"process"}, {}};
  if (mode == "sloth" || mode == "snail") hello.implementation.features = {"threads"};
  return Fake(mode, hello).serve();
}

}  // namespace
}  // namespace mp::conformance

int main(int argc, char** argv) { return mp::conformance::run(argc > 1 ? argv[1] : "good"); }
