#include "platform/endpoint.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstddef>
#include <cstring>
#include <utility>
#include <vector>

#include "platform/error.h"
#include "platform/posix/poll.h"
#include "platform/posix/socket.h"
#include "platform/posix/socket_file.h"

namespace mp::platform {
namespace {

using Family = Address::Family;

// An address as the system calls want it.
struct Place {
  sockaddr_storage storage{};
  socklen_t size = 0;

  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
};

std::string printed(const Address& address) {
  return address.family == Family::kInet ? address.name + ":" + std::to_string(address.port) : address.name;
}

void require(Family family) {
  if (!Endpoint::offers(family)) throw OsError("use a named pipe as an address", EAFNOSUPPORT);
}

Place place_of_path(const std::string& path) {
  Place place;
  auto& name = reinterpret_cast<sockaddr_un&>(place.storage);
  if (path.size() > longest_socket_path()) {
    throw OsError(
        "use " + path + " as an address: a socket's path may have " + std::to_string(longest_socket_path()) + " bytes",
        ENAMETOOLONG);
  }
  name.sun_family = AF_UNIX;
  std::memcpy(name.sun_path, path.c_str(), path.size() + 1);
  place.size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + path.size() + 1);
  return place;
}

// A resolver's own numbers are none of the system's.
int code_of_lookup(int result) {
  switch (result) {
    case EAI_SYSTEM: return errno;
    case EAI_MEMORY: return ENOMEM;
    case EAI_AGAIN: return EAGAIN;
    default: return EADDRNOTAVAIL;
  }
}

std::vector<Place> places_of_host(const Address& address) {
  addrinfo hints{};
  hints.ai_family = AF_INET;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICSERV | AI_PASSIVE;
  addrinfo* found = nullptr;
  const int result = ::getaddrinfo(address.name.empty() ? nullptr : address.name.c_str(),
                                   std::to_string(address.port).c_str(), &hints, &found);
  if (result != 0) {
    throw OsError("find the host '" + address.name + "' (" + ::gai_strerror(result) + ")", code_of_lookup(result));
  }
  std::vector<Place> places;
  for (const addrinfo* each = found; each != nullptr; each = each->ai_next) {
    Place& place = places.emplace_back();
    std::memcpy(&place.storage, each->ai_addr, each->ai_addrlen);
    place.size = each->ai_addrlen;
  }
  ::freeaddrinfo(found);
  return places;
}

std::vector<Place> places_of(const Address& address) {
  require(address.family);
  if (address.family == Family::kUnix) return {place_of_path(address.name)};
  return places_of_host(address);
}

std::optional<Address> address_of(const sockaddr_storage& storage) {
  if (storage.ss_family != AF_INET) return std::nullopt;
  const auto& place = reinterpret_cast<const sockaddr_in&>(storage);
  char host[INET_ADDRSTRLEN] = "";
  ::inet_ntop(AF_INET, &place.sin_addr, host, sizeof(host));
  return Address{Family::kInet, host, ntohs(place.sin_port)};
}

Handle new_socket(Family family, bool blocking) {
  Handle made = make_socket(family == Family::kUnix ? AF_UNIX : AF_INET);
  if (!blocking) set_blocking(static_cast<int>(made.native()), false);
  return made;
}

void set(const Handle& socket, int level, int option) {
  const int on = 1;
  ::setsockopt(static_cast<int>(socket.native()), level, option, &on, sizeof(on));
}

// Messages are whole: to wait for more before sending one only makes it late.
void send_at_once(const Handle& socket) { set(socket, IPPROTO_TCP, TCP_NODELAY); }

Handle listening_at(const Address& address, const Place& place, int backlog) {
  Handle made = new_socket(address.family, false);
  const int fd = static_cast<int>(made.native());
  // Else the port of a listener that has just gone is taken for a minute.
  if (address.family == Family::kInet) set(made, SOL_SOCKET, SO_REUSEADDR);
  if (::bind(fd, place.get(), place.size) != 0) throw OsError("listen at " + printed(address), errno);
  if (::listen(fd, backlog) != 0) throw OsError("listen at " + printed(address), errno);
  return made;
}

// Waits for what connect() could not do at once.
bool await_connected(const Handle& socket, const Address& address, Deadline deadline) {
  const int fd = static_cast<int>(socket.native());
  if (!poll_until(fd, POLLOUT, deadline)) return false;
  int code = 0;
  socklen_t size = sizeof(code);
  ::getsockopt(fd, SOL_SOCKET, SO_ERROR, &code, &size);
  if (code != 0) throw OsError("connect to " + printed(address), code);
  return true;
}

std::optional<Channel> connect_to_host(const Address& address, const Place& place, Deadline deadline) {
  Handle made = new_socket(Family::kInet, false);
  const int fd = static_cast<int>(made.native());
  if (::connect(fd, place.get(), place.size) != 0) {
    if (errno != EINPROGRESS && errno != EINTR) throw OsError("connect to " + printed(address), errno);
    if (!await_connected(made, address, deadline)) return std::nullopt;
  }
  set_blocking(fd, true);
  send_at_once(made);
  return Channel::adopt(std::move(made));
}

// One cannot poll for room in the queue of a local socket: connect() itself has to wait, as long as sending may. (On macOS it does
// not wait: a full queue refuses, as if nobody listened.)
void set_time_to_send(int fd, Deadline deadline) {
  timeval time{};  // zero: for ever
  if (!deadline.is_never()) {
    const auto left = std::chrono::duration_cast<std::chrono::microseconds>(deadline.remaining()).count() + 1;
    time.tv_sec = static_cast<decltype(time.tv_sec)>(left / 1'000'000);
    time.tv_usec = static_cast<decltype(time.tv_usec)>(left % 1'000'000);
  }
  ::setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &time, sizeof(time));
}

std::optional<Channel> connect_to_file(const Address& address, const Place& place, Deadline deadline) {
  Handle made = new_socket(Family::kUnix, true);
  const int fd = static_cast<int>(made.native());
  for (;;) {
    set_time_to_send(fd, deadline);
    if (::connect(fd, place.get(), place.size) == 0) break;
    if (errno != EINTR && errno != EAGAIN) throw OsError("connect to " + printed(address), errno);
    if (deadline.has_passed()) return std::nullopt;
  }
  set_time_to_send(fd, Deadline::never());
  return Channel::adopt(std::move(made));
}

}  // namespace

// The file of a kUnix endpoint. A path that somebody else has taken since then is left alone.
struct Endpoint::Trace {
  explicit Trace(std::string path_of_socket, std::optional<PrivateDirectory> of_its_own = std::nullopt)
      : path(std::move(path_of_socket)), directory(std::move(of_its_own)) {
    ::lstat(path.c_str(), &file);
  }

  Trace(const Trace&) = delete;
  ~Trace() {
    if (::getpid() != maker) return;
    struct stat now {};
    if (::lstat(path.c_str(), &now) == 0 && now.st_dev == file.st_dev && now.st_ino == file.st_ino)
      ::unlink(path.c_str());
    if (directory) directory->remove();
  }

  std::string path;
  std::optional<PrivateDirectory> directory;
  struct stat file {};
  pid_t maker = ::getpid();
};

bool Endpoint::offers(Family family) { return family != Family::kPipe; }
Address::Family Endpoint::fastest() { return Family::kUnix; }

Endpoint Endpoint::listen(const Address& address, int backlog) {
  const Place place = places_of(address).front();
  Handle handle = listening_at(address, place, backlog);
  if (address.family == Family::kUnix)
    return Endpoint(std::move(handle), address, std::make_shared<Trace>(address.name));
  sockaddr_storage storage{};
  socklen_t size = sizeof(storage);
  ::getsockname(static_cast<int>(handle.native()), reinterpret_cast<sockaddr*>(&storage), &size);
  return Endpoint(std::move(handle), address_of(storage).value_or(address), nullptr);
}

Endpoint Endpoint::listen_anywhere(Family family, int backlog) {
  require(family);
  if (family == Family::kInet) return listen({Family::kInet, "localhost", 0}, backlog);
  PrivateDirectory directory = PrivateDirectory::create();
  const Address address{Family::kUnix, directory.socket_path(), 0};
  try {
    Handle handle = listening_at(address, place_of_path(address.name), backlog);
    return Endpoint(std::move(handle), address, std::make_shared<Trace>(address.name, std::move(directory)));
  } catch (...) {
    directory.remove();
    throw;
  }
}

std::optional<Channel> Endpoint::connect(const Address& address, Deadline deadline) {
  const std::vector<Place> places = places_of(address);
  for (std::size_t i = 0;; ++i) {
    try {
      return address.family == Family::kUnix ? connect_to_file(address, places[i], deadline)
                                             : connect_to_host(address, places[i], deadline);
    } catch (const OsError&) {
      if (i + 1 == places.size()) throw;
    }
  }
}

std::optional<Endpoint::Accepted> Endpoint::accept(Deadline deadline) {
  for (;;) {
    sockaddr_storage from{};
    socklen_t size = sizeof(from);
    Handle arrived(accept_socket(static_cast<int>(handle_.native()), reinterpret_cast<sockaddr*>(&from), &size));
    if (arrived) {
      if (address_.family == Family::kInet) send_at_once(arrived);
      return Accepted{Channel::adopt(std::move(arrived)), address_of(from)};
    }
    if (errno == EAGAIN || errno == EWOULDBLOCK) {
      if (!poll_until(handle_.native(), POLLIN, deadline)) return std::nullopt;
    } else if (errno != EINTR && !was_lost_in_the_queue(errno)) {
      throw OsError("accept at " + printed(address_), errno);
    }
  }
}

}  // namespace mp::platform
