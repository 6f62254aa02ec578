#include "conformance/harness/guard_order_posix.h"

#include <sys/socket.h>
#include <sys/uio.h>

#include <cerrno>
#include <cstring>

namespace mp::conformance {
namespace {

// One byte, with two descriptors beside it.
class Letter {
 public:
  Letter() {
    header_.msg_iov = &content_;
    header_.msg_iovlen = 1;
    header_.msg_control = room_;
    header_.msg_controllen = sizeof room_;
  }

  bool send(int socket, const GuardOrder& order) {
    closely_ = order.closely ? 1 : 0;
    const int descriptors[2] = {order.input, order.output};
    cmsghdr* part = CMSG_FIRSTHDR(&header_);
    part->cmsg_level = SOL_SOCKET;
    part->cmsg_type = SCM_RIGHTS;
    part->cmsg_len = CMSG_LEN(sizeof descriptors);
    std::memcpy(CMSG_DATA(part), descriptors, sizeof descriptors);
    ssize_t sent;
    while ((sent = ::sendmsg(socket, &header_, 0)) < 0 && errno == EINTR) {
    }
    return sent == 1;
  }

  std::optional<GuardOrder> receive(int socket) {
    ssize_t count;
    while ((count = ::recvmsg(socket, &header_, 0)) < 0 && errno == EINTR) {
    }
    const cmsghdr* part = count == 1 ? CMSG_FIRSTHDR(&header_) : nullptr;
    int descriptors[2];
    if (part == nullptr || part->cmsg_type != SCM_RIGHTS || part->cmsg_len != CMSG_LEN(sizeof descriptors))
      return std::nullopt;
    std::memcpy(descriptors, CMSG_DATA(part), sizeof descriptors);
    return GuardOrder{descriptors[0], descriptors[1], closely_ != 0};
  }

 private:
  char closely_ = 0;
  iovec content_{&closely_, 1};
  alignas(cmsghdr) char room_[CMSG_SPACE(2 * sizeof(int))] = {};
  msghdr header_{};
};

}  // namespace

bool send_order(int socket, const GuardOrder& order) { return Letter().send(socket, order); }
std::optional<GuardOrder> receive_order(int socket) { return Letter().receive(socket); }

}  // namespace mp::conformance
