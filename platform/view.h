#ifndef PLATFORM_VIEW_H_
#define PLATFORM_VIEW_H_

#include <cstddef>
#include <utility>

namespace mp::platform {

// Memory that the system mapped, and that goes back to it.
//
// Owns:    the mapping; what was mapped (a file, shared memory) lives on without it.
// Shares:  nothing; a forked child has a mapping of its own.
// Threads: as a plain value.
// Blocks:  never.
// Throws:  never.
class View {
 public:
  View() = default;
  // `before`: so many bytes in front of `data` belong to the mapping, too.
  View(void* data, std::size_t size, std::size_t before = 0)
      : data_(static_cast<std::byte*>(data)), size_(size), before_(before) {}
  View(View&& other) noexcept { swap(other); }
  View& operator=(View&& other) noexcept {
    View taken(std::move(other));
    swap(taken);
    return *this;
  }
  ~View() {
    if (data_ != nullptr) unmap(data_ - before_, before_ + size_);
  }

  std::byte* data() const { return data_; }
  std::size_t size() const { return size_; }

 private:
  static void unmap(std::byte* begin, std::size_t length) noexcept;
  void swap(View& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    std::swap(before_, other.before_);
  }

  std::byte* data_ = nullptr;
  std::size_t size_ = 0;
  std::size_t before_ = 0;
};

}  // namespace mp::platform

#endif  // PLATFORM_VIEW_H_
