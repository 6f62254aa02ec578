#ifndef PLATFORM_ENDPOINT_H_
#define PLATFORM_ENDPOINT_H_

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "platform/channel.h"
#include "platform/deadline.h"
#include "platform/handle.h"

namespace mp::platform {

// Where an Endpoint can be found.
struct Address {
  enum class Family {
    kInet,  // TCP, version 4 of IP: everywhere
    kUnix,  // a file that stands for a socket: Linux, macOS
    kPipe,  // a named pipe: Windows
  };

  Family family = Family::kInet;
  std::string name;  // host name or number ("": every interface), path of the file, name of the pipe
  int port = 0;      // kInet only; 0: one that is free

  friend bool operator==(const Address&, const Address&) = default;
};

// A place at which other processes, related or not, can get a Channel to this one.
//
// Owns:    its handle, and the file that it made in the file system: that goes with close(), in the process that made it only.
// Shares:  a copy made by fork accepts from the same queue; whoever is first gets the channel.
// Threads: accept() in several at once; close() when nobody is in another method.
// Blocks:  accept() and connect() until their deadline, and connect() as long as the system looks up a name.
// Throws:  OsError when the system refuses: the address is taken, there is no such host, nobody listens there.
//
// Frames, and handles where the system can send them along (Linux: kUnix), are those of Channel in every family. Messages on a kInet channel
// leave at once; they are not held back to be sent together with the next.
class Endpoint {
 public:
  struct Accepted {
    Channel channel;
    std::optional<Address> from;  // where it has one
  };

  static bool offers(Address::Family family);
  // What this system does quickest.
  static Address::Family fastest();

  // Who connects before anybody accepts waits in a queue; `backlog` is a wish for its length.
  static Endpoint listen(const Address& address, int backlog);
  // At an address of the system's choice which only processes of this machine reach: kInet on the loopback interface, kUnix in a new
  // directory that only this user may enter, removed with close(). What a killed process left there the next call removes.
  static Endpoint listen_anywhere(Address::Family family, int backlog);
  // Nothing when the deadline passed first.
  static std::optional<Channel> connect(const Address& address, Deadline deadline);

  Endpoint() = default;
  Endpoint(Endpoint&&) noexcept = default;
  Endpoint& operator=(Endpoint&& other) noexcept {
    if (this == &other) return *this;
    close();
    handle_ = std::move(other.handle_);
    address_ = std::move(other.address_);
    trace_ = std::move(other.trace_);
    return *this;
  }

  // Nothing when the deadline passed first. Who went away while it waited in the queue is passed over, unless the system shows it
  // only as a channel that has ended.
  std::optional<Accepted> accept(Deadline deadline);
  // As the system has it: with the number of the host, and the port that was free.
  const Address& address() const { return address_; }
  // For wait_any(): ready when accept() would not wait. (Somebody else may be quicker to accept.)
  NativeHandle native() const { return handle_.native(); }
  explicit operator bool() const { return static_cast<bool>(handle_); }
  void close() {
    trace_.reset();
    handle_.close();
  }

 private:
  struct Trace;  // its end removes what it stands for

  Endpoint(Handle handle, Address address, std::shared_ptr<Trace> trace)
      : handle_(std::move(handle)), address_(std::move(address)), trace_(std::move(trace)) {}

  Handle handle_;
  Address address_;
  std::shared_ptr<Trace> trace_;  // what it left in the file system; nobody else has it
};

}  // namespace mp::platform

#endif  // PLATFORM_ENDPOINT_H_
