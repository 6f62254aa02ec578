#include "conformance/protocol/line.h"

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

}  // namespace mp::conformance
