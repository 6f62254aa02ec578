#ifndef CONFORMANCE_PROTOCOL_LINE_H_
#define CONFORMANCE_PROTOCOL_LINE_H_

#include <cstdint>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace mp::conformance {

inline constexpr std::size_t kMaxLine = std::size_t{64} << 20;

struct LineTooLong : std::runtime_error {
  LineTooLong() : std::runtime_error("a line of more than 64 MiB") {}
};

// Cuts a stream of bytes into lines.
class LineSplitter {
 public:
  // Throws LineTooLong.
  void feed(std::string_view bytes);
  // The next whole line, without its end; nothing until more was fed.
  std::optional<std::string> next();
  // Bytes of a line whose end has not come.
  std::size_t unfinished() const { return buffer_.size() - begin_; }

 private:
  std::string buffer_;
  std::size_t begin_ = 0;    // of the next line
  std::size_t scanned_ = 0;  // no end of line lies between begin_ and here
};

// The testee's end of a line to the runner.
//
// Owns:    its socket, which no child inherits through exec. A forked child has a copy: abandon() closes it there.
// Shares:  nothing.
// Threads: one reader; write() in any thread.
// Blocks:  read() until a line has come or the runner has gone; write() while the runner does not read.
// Throws:  std::system_error when the runner cannot be reached; LineTooLong.
class Line {
 public:
  // "127.0.0.1:PORT", the content of CONFORM_ADDRESS.
  static Line connect(const std::string& address);
  Line(Line&& other) noexcept;
  ~Line() { abandon(); }

  // Nothing: the runner has closed the line, and this process should leave at once.
  std::optional<std::string> read();
  // False: the runner has closed the line.
  bool write(std::string_view line);
  // Closes it, after a write that is under way; later ones find it closed.
  void close();
  // Closes this process's copy and touches no lock, so it may be called in a child forked from any thread.
  void abandon() noexcept;

 private:
  explicit Line(std::intptr_t socket) : socket_(socket) {}

  std::intptr_t socket_;
  std::mutex writing_;
  LineSplitter splitter_;
};

}  // namespace mp::conformance

#endif  // CONFORMANCE_PROTOCOL_LINE_H_
