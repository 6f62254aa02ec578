#include "platform/endpoint.h"

// winsock2.h comes before windows.h.
#include "platform/windows/socket.h"

#include <ws2tcpip.h>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <list>
#include <mutex>
#include <utility>
#include <vector>

#include "platform/error.h"
#include "platform/windows/channel_pipe.h"
#include "platform/windows/request.h"

namespace mp::platform {
namespace {

using Family = Address::Family;

// As many clients of a pipe may wait at most before anybody accepts. Each waits at an instance of its own, which costs a handle; who
// asks for a longer queue has the next client wait until one of these has been accepted.
constexpr int kMostWaiting = 256;

struct Place {
  sockaddr_in storage{};

  sockaddr* get() { return reinterpret_cast<sockaddr*>(&storage); }
  int size() const { return sizeof(storage); }
};

std::string printed(const Address& address) {
  return address.family == Family::kInet ? address.name + ":" + std::to_string(address.port) : address.name;
}

[[noreturn]] void refuse_socket(const std::string& operation, int code = ::WSAGetLastError()) {
  refuse(operation, static_cast<DWORD>(code));
}

void require(Family family) {
  if (!Endpoint::offers(family)) refuse_socket("use a local socket as an address", WSAEAFNOSUPPORT);
}

std::vector<Place> places_of(const Address& address) {
  start_winsock();
  addrinfoW hints{};
  hints.ai_family = AF_INET;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE;
  addrinfoW* found = nullptr;
  const int result = ::GetAddrInfoW(address.name.empty() ? nullptr : wide(address.name).c_str(),
                                    std::to_wstring(address.port).c_str(), &hints, &found);
  if (result != 0) refuse_socket("find the host '" + address.name + "'", result);
  std::vector<Place> places;
  for (const addrinfoW* each = found; each != nullptr; each = each->ai_next) {
    std::memcpy(&places.emplace_back().storage, each->ai_addr, std::min(each->ai_addrlen, sizeof(sockaddr_in)));
  }
  ::FreeAddrInfoW(found);
  return places;
}

Address address_of(const sockaddr_in& place) {
  wchar_t host[INET_ADDRSTRLEN] = L"";
  ::InetNtopW(AF_INET, &place.sin_addr, host, INET_ADDRSTRLEN);
  return Address{Family::kInet, narrow(host), ntohs(place.sin_port)};
}

Handle owned_socket(SOCKET socket, const std::string& operation) {
  if (socket == INVALID_SOCKET) refuse_socket(operation);
  Handle handle(static_cast<NativeHandle>(socket) | kSocketTag);
  ::SetHandleInformation(system_handle(handle), HANDLE_FLAG_INHERIT, 0);
  return handle;
}

Handle new_socket() {
  Handle made = owned_socket(
      ::WSASocketW(AF_INET, SOCK_STREAM, IPPROTO_TCP, nullptr, 0, WSA_FLAG_OVERLAPPED | WSA_FLAG_NO_HANDLE_INHERIT),
      "make a socket");
  never_block(made);
  return made;
}

void set(const Handle& socket, int level, int option) {
  const BOOL on = TRUE;
  ::setsockopt(system_socket(socket), level, option, reinterpret_cast<const char*>(&on), sizeof(on));
}

// Messages are whole: to wait for more before sending one only makes it late.
void send_at_once(const Handle& socket) { set(socket, IPPROTO_TCP, TCP_NODELAY); }

Handle listening_at(const Address& address, Place place, int backlog) {
  Handle made = new_socket();
  // Not SO_REUSEADDR, by which another process could share the port here. A port is free as soon as its listener is gone.
  set(made, SOL_SOCKET, SO_EXCLUSIVEADDRUSE);
  if (::bind(system_socket(made), place.get(), place.size()) != 0 || ::listen(system_socket(made), backlog) != 0) {
    refuse_socket("listen at " + printed(address));
  }
  return made;
}

// Until the connection stands or has failed; false when the deadline passed first. Not by WSAPoll, which before Windows 10 2004 never tells
// of one that failed.
bool await_connected(SOCKET socket, Deadline deadline) {
  for (;;) {
    fd_set connected, failed;
    FD_ZERO(&connected);
    FD_ZERO(&failed);
    FD_SET(socket, &connected);
    FD_SET(socket, &failed);
    const DWORD left = milliseconds_left(deadline);
    timeval time{.tv_sec = static_cast<long>(left / 1000), .tv_usec = static_cast<long>(left % 1000 * 1000)};
    const int ready = ::select(0, nullptr, &connected, &failed, left == INFINITE ? nullptr : &time);
    if (ready > 0) return true;
    if (ready < 0) refuse_socket("wait for a connection");
    if (deadline.has_passed()) return false;
  }
}

std::optional<Channel> connect_to_host(const Address& address, Place place, Deadline deadline) {
  Handle made = new_socket();
  if (::connect(system_socket(made), place.get(), place.size()) != 0) {
    if (::WSAGetLastError() != WSAEWOULDBLOCK) refuse_socket("connect to " + printed(address));
    if (!await_connected(system_socket(made), deadline)) return std::nullopt;
    int code = 0;
    int size = sizeof(code);
    ::getsockopt(system_socket(made), SOL_SOCKET, SO_ERROR, reinterpret_cast<char*>(&code), &size);
    if (code != 0) refuse_socket("connect to " + printed(address), code);
  }
  send_at_once(made);
  return Channel::adopt(std::move(made));
}

// While all instances have their clients one waits until there is another. Somebody else may then be quicker.
std::optional<Channel> connect_to_pipe(const Address& address, Deadline deadline) {
  for (;;) {
    try {
      return Channel::adopt(open_pipe(address.name, kMessageTag));
    } catch (const OsError& error) {
      if (error.code() != ERROR_PIPE_BUSY) throw;
    }
    if (deadline.has_passed()) return std::nullopt;
    constexpr DWORD kSlice = 200;  // zero would mean "as long as the other side thinks"
    const DWORD slice = std::clamp<DWORD>(milliseconds_left(deadline), 1, kSlice);
    if (!::WaitNamedPipeW(wide(address.name).c_str(), slice) && ::GetLastError() != ERROR_SEM_TIMEOUT) {
      refuse("connect to " + printed(address));
    }
  }
}

bool was_lost_in_the_queue(int code) {
  return code == WSAECONNRESET || code == WSAECONNABORTED || code == WSAENETDOWN || code == WSAENETRESET;
}

// One instance of a pipe that waits for its client.
struct Instance {
  Handle pipe;
  OVERLAPPED overlapped{};
  bool has_client = false;

  // The system takes back what a thread has begun when that thread ends.
  bool was_taken_back() const {
    constexpr ULONG_PTR kCancelled = 0xc0000120;
    return !has_client && overlapped.Internal == kCancelled;
  }
  bool is_taken() const { return has_client || (HasOverlappedIoCompleted(&overlapped) && !was_taken_back()); }

  void await_client(HANDLE event) {
    overlapped = {};
    overlapped.hEvent = event;
    if (::ConnectNamedPipe(system_handle(pipe), &overlapped)) {
      has_client = true;
      return;
    }
    const DWORD code = ::GetLastError();
    if (code == ERROR_IO_PENDING) return;
    // ERROR_NO_DATA: a client that is gone again, which shows as a channel that has ended.
    if (code != ERROR_PIPE_CONNECTED && code != ERROR_NO_DATA) refuse("await a client of a pipe", code);
    has_client = true;
  }

  void give_up() {
    if (has_client) return;
    ::CancelIoEx(system_handle(pipe), &overlapped);
    while (!HasOverlappedIoCompleted(&overlapped)) ::SwitchToThread();
  }
};

}  // namespace

// The instances of a pipe. Endpoint::handle_ is their common event: set as long as one of them has a client.
struct Endpoint::Trace {
  ~Trace() {
    for (Instance& instance : waiting) instance.give_up();
  }

  // In a list of its own until it awaits a client: the system writes to its place, and one without a pipe would pass for one that was taken.
  void add(HANDLE event) {
    std::list<Instance> made(1);
    made.front().pipe = new_pipe(name, kAnyNumberOfInstances, std::exchange(first, false), kMessageTag);
    made.front().await_client(event);
    waiting.splice(waiting.end(), made);
  }

  // The first that was taken, and another in its place, so the queue has always the same length. The other comes first: where the system
  // refuses it, the client stays in the queue. Whatever fails, those who wait for the event look again.
  std::optional<Channel> take(HANDLE event) {
    const std::lock_guard lock(mutex);
    try {
      std::optional<Channel> channel;
      const auto taken = std::find_if(waiting.begin(), waiting.end(), [](const Instance& each) { return each.is_taken(); });
      if (taken != waiting.end()) {
        add(event);
        channel = Channel::adopt(std::move(taken->pipe));
        waiting.erase(taken);
      }
      show(event);
      return channel;
    } catch (...) {
      ::SetEvent(event);
      throw;
    }
  }

  // The event is that of many, and each new wait resets it: it is set again if somebody is there, or has to look again, as after this:
  //
  //     here: looks at instance 1, which awaits its client     system: takes the request of 1 back, sets the event
  //     here: awaits a client at 2, which was taken back       -> the event is reset, and nobody would await one at 1
  void show(HANDLE event) {
    ::ResetEvent(event);
    for (Instance& each : waiting) {
      if (each.was_taken_back()) each.await_client(event);
    }
    for (const Instance& each : waiting) {
      if (each.is_taken() || each.was_taken_back()) ::SetEvent(event);
    }
  }

  std::string name;
  bool first = true;
  std::mutex mutex;
  std::list<Instance> waiting;  // guarded by mutex
};

bool Endpoint::offers(Family family) { return family != Family::kUnix; }
Address::Family Endpoint::fastest() { return Family::kPipe; }

Endpoint Endpoint::listen(const Address& address, int backlog) {
  require(address.family);
  if (address.family == Family::kInet) {
    Handle handle = listening_at(address, places_of(address).front(), backlog);
    Place place;
    int size = place.size();
    ::getsockname(system_socket(handle), place.get(), &size);
    return Endpoint(std::move(handle), address_of(place.storage), nullptr);
  }
  Handle event = owned(::CreateEventW(nullptr, TRUE, FALSE, nullptr), "make an event");
  // The flag for the first instance says the same without a race; Wine overlooks it.
  if (::WaitNamedPipeW(wide(address.name).c_str(), 1) || ::GetLastError() == ERROR_SEM_TIMEOUT) {
    refuse("listen at " + printed(address), ERROR_ACCESS_DENIED);
  }
  auto trace = std::make_shared<Trace>();
  trace->name = address.name;
  for (int i = 0; i < std::clamp(backlog, 1, kMostWaiting); ++i) trace->add(system_handle(event));
  trace->show(system_handle(event));
  return Endpoint(std::move(event), address, std::move(trace));
}

Endpoint Endpoint::listen_anywhere(Family family, int backlog) {
  require(family);
  if (family == Family::kInet) return listen({Family::kInet, "localhost", 0}, backlog);
  static std::atomic<unsigned> number = 0;
  const std::string name = "\\\\.\\pipe\\mp-" + std::to_string(::GetCurrentProcessId()) + "-" + std::to_string(++number) +
                           "-" + random_word();
  return listen({Family::kPipe, name, 0}, backlog);
}

std::optional<Channel> Endpoint::connect(const Address& address, Deadline deadline) {
  require(address.family);
  if (address.family == Family::kPipe) return connect_to_pipe(address, deadline);
  const std::vector<Place> places = places_of(address);
  for (std::size_t i = 0;; ++i) {
    try {
      return connect_to_host(address, places[i], deadline);
    } catch (const OsError&) {
      if (i + 1 == places.size()) throw;
    }
  }
}

std::optional<Endpoint::Accepted> Endpoint::accept(Deadline deadline) {
  for (;;) {
    if (trace_ != nullptr) {
      const HANDLE event = system_handle(handle_);
      if (auto channel = trace_->take(event)) return Accepted{std::move(*channel), std::nullopt};
      if (!wait_for(event, deadline)) return std::nullopt;
      continue;
    }
    Place from;
    int size = from.size();
    const SOCKET arrived = ::accept(system_socket(handle_), from.get(), &size);
    if (arrived != INVALID_SOCKET) {
      Handle handle = owned_socket(arrived, "accept a client");
      send_at_once(handle);
      return Accepted{Channel::adopt(std::move(handle)), address_of(from.storage)};
    }
    const int code = ::WSAGetLastError();
    if (code == WSAEWOULDBLOCK) {
      if (!poll_socket(system_socket(handle_), POLLIN, deadline)) return std::nullopt;
    } else if (!was_lost_in_the_queue(code)) {
      refuse_socket("accept at " + printed(address_), code);
    }
  }
}

}  // namespace mp::platform
