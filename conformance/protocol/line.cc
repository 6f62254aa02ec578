#include "conformance/protocol/line.h"

#include <cstdlib>
#include <system_error>
#include <utility>

#include "conformance/protocol/line_socket.h"

namespace mp::conformance {

void LineSplitter::feed(std::string_view bytes) {
  if (begin_ > 0 && begin_ == buffer_.size()) {
    buffer_.clear();
    begin_ = scanned_ = 0;
  }
  buffer_.append(bytes);
  if (buffer_.size() - begin_ <= kMaxLine) return;
  const std::size_t end = buffer_.find('\n', begin_);
  if (end == std::string::npos || end - begin_ > kMaxLine) throw LineTooLong();
}

std::optional<std::string> LineSplitter::next() {
  const std::size_t end = buffer_.find('\n', scanned_);
  if (end == std::string::npos) {
    scanned_ = buffer_.size();
    return std::nullopt;
  }
  std::string line = buffer_.substr(begin_, end - begin_);
  begin_ = scanned_ = end + 1;
  if (begin_ > kMaxLine) {  // do not keep what has been read for ever
    buffer_.erase(0, begin_);
    begin_ = scanned_ = 0;
  }
  return line;
}

Line Line::connect(const std::string& address) {
  const std::size_t colon = address.rfind(':');
  if (colon == std::string::npos) {
    throw std::system_error(std::make_error_code(std::errc::invalid_argument),
                            "CONFORM_ADDRESS is not HOST:PORT but '" + address + "'");
  }
  const int port = std::atoi(address.c_str() + colon + 1);
  return Line(line_socket::connect(address.substr(0, colon), static_cast<std::uint16_t>(port)));
}

Line::Line(Line&& other) noexcept : socket_(std::exchange(other.socket_, -1)), splitter_(std::move(other.splitter_)) {}

std::optional<std::string> Line::read() {
  char chunk[1 << 16];
  for (;;) {
    if (auto line = splitter_.next()) return line;
    const std::intptr_t count = line_socket::receive(socket_, chunk, sizeof chunk);
    if (count <= 0) return std::nullopt;
    splitter_.feed({chunk, static_cast<std::size_t>(count)});
  }
}

bool Line::write(std::string_view line) {
  std::string whole(line);
  whole += '\n';
  const std::lock_guard lock(writing_);
  for (std::size_t done = 0; done < whole.size();) {
    const std::intptr_t count = line_socket::send(socket_, whole.data() + done, whole.size() - done);
    if (count < 0) return false;
    done += static_cast<std::size_t>(count);
  }
  return true;
}

void Line::close() {
  const std::lock_guard lock(writing_);
  abandon();
}

void Line::abandon() noexcept {
  if (socket_ >= 0) line_socket::close(std::exchange(socket_, -1));
}

}  // namespace mp::conformance
