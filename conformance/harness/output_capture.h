#ifndef CONFORMANCE_HARNESS_OUTPUT_CAPTURE_H_
#define CONFORMANCE_HARNESS_OUTPUT_CAPTURE_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace mp::conformance {

// What a testee printed: the beginning and the end of it, however much it was.
class OutputCapture {
 public:
  static constexpr std::size_t kKept = 16 * 1024;  // at either end

  void add(std::string_view bytes) {
    const std::size_t room = kKept - head_.size();
    head_ += bytes.substr(0, room);
    if (bytes.size() <= room) return;
    bytes.remove_prefix(room);
    cut_ += bytes.size();
    tail_ += bytes;
    if (tail_.size() > 2 * kKept) tail_.erase(0, tail_.size() - kKept);
  }

  std::string text() const {
    const std::string_view end = std::string_view(tail_).substr(tail_.size() - std::min(tail_.size(), kKept));
    const std::uint64_t cut = cut_ - end.size();
    if (cut == 0) return head_ + std::string(end);
    return head_ + "\n[... " + std::to_string(cut) + " bytes are left out ...]\n" + std::string(end);
  }

 private:
  std::string head_, tail_;
  std::uint64_t cut_ = 0;  // bytes behind the head
};

}  // namespace mp::conformance

#endif  // CONFORMANCE_HARNESS_OUTPUT_CAPTURE_H_
