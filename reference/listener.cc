#include "reference/listener.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <list>
#include <mutex>
#include <utility>
#include <vector>

#include "platform/channel.h"
#include "platform/endpoint.h"
#include "platform/error.h"
#include "platform/life.h"
#include "platform/wait.h"
#include "reference/error.h"

namespace mp {
namespace {

using platform::Channel;
using platform::Deadline;
using platform::Endpoint;
using process_internal::PrivateHandle;
using Outcome = Channel::Outcome;

constexpr std::size_t kMostGuests = 64;

// Runs what talks to the system; whatever that refuses becomes the OSError of the specification.
template <class Act>
auto with_system(Act act) {
  try {
    return act();
  } catch (const platform::OsError& error) {
    raise(error);
  }
}

// The address as the system gets it, once it is known to fit to the family.
platform::Address place_in_family(const Address& address, const std::string& family) {
  const auto named = family_named(family);
  const platform::Address& place = *address.place();
  if (named.value_or(place.family) == place.family) {
    family_named(address.family());  // one that this system does not have is refused here
    return place;
  }
  // Two backslashes may begin the name of a file, too, if one says that it is one.
  if (place.family == platform::Address::Family::kPipe && *named == platform::Address::Family::kUnix)
    return {*named, place.name, 0};
  throw TypeError("the address " + address.repr() + " is none of " + family);
}

Endpoint endpoint_for(const Address& address, const ListenerOptions& options) {
  if (!address.is_arbitrary()) return Endpoint::listen(place_in_family(address, options.family), options.backlog);
  return Endpoint::listen_anywhere(family_named(options.family).value_or(Endpoint::fastest()), options.backlog);
}

// Who has connected and is to prove its key.
class Guest {
 public:
  Guest(Endpoint::Accepted accepted, PrivateHandle noted, const std::string& authkey, Wait time)
      : from(std::move(accepted.from)),
        channel_(std::move(accepted.channel)),
        noted_(std::move(noted)),
        handshake_(Handshake::Role::kListener, authkey),
        deadline_(time.deadline()) {
    send(handshake_.opening());
  }

  // Takes what has come of its messages, and answers; never waits.
  void listen() {
    try {
      while (is_waiting()) {
        Channel::Received received = channel_.receive(Deadline::passed(), Handshake::kLongest);
        if (received.outcome == Outcome::kLate) return;
        if (received.outcome != Outcome::kDone) {
          refuse(received.outcome == Outcome::kTooLong ? "the client sent something else than a digest"
                                                       : "the client went away in the middle of the handshake");
        } else if (!received.message.handles.empty()) {
          refuse("the client sent handles in the handshake");
        } else {
          send(handshake_.next(characters(received.message.bytes)));
        }
      }
    } catch (const platform::OsError&
                 error) {  // a table of handles that did not fit into this process, a network that broke
      refuse(error.what());
    }
  }
  void refuse(std::string reason) { broken_ = std::move(reason); }

  bool is_waiting() const { return broken_.empty() && handshake_.state() == Handshake::State::kWaiting; }
  bool is_refused() const { return !broken_.empty() || handshake_.state() == Handshake::State::kRefused; }
  const std::string& reason() const { return broken_.empty() ? handshake_.reason() : broken_; }

  // The time stands still while nobody is in accept().
  Deadline deadline() const { return deadline_; }
  void stop_time() {
    if (!deadline_.is_never()) left_ = deadline_.remaining();
  }
  void start_time() {
    if (!deadline_.is_never()) deadline_ = Deadline::after(left_);
  }

  platform::NativeHandle native() const { return channel_.native(); }
  std::pair<Connection, PrivateHandle> take() { return {Connection(std::move(channel_)), std::move(noted_)}; }

  std::optional<platform::Address> from;

 private:
  void send(const std::string& message) {
    if (message.empty()) return;
    // The buffer of a connection that is just there takes three small messages; who has none will not be waited for.
    const Outcome outcome = channel_.send(std::as_bytes(std::span(message)), {}, Deadline::passed());
    if (outcome != Outcome::kDone && !is_refused()) refuse("the client went away in the middle of the handshake");
  }

  Channel channel_;
  PrivateHandle noted_;  // leaves the list before the channel is closed
  Handshake handshake_;
  Deadline deadline_;
  std::chrono::nanoseconds left_{};
  std::string broken_;
};

// What one process knows of its listener. After fork the child begins with a new one: in the one of its parent a thread that the child
// does not have may be in the middle of something. The old one is kept, as it may not be touched.
struct Local {
  explicit Local(Local* of_parent) : before_fork(of_parent), wake(Channel::pair()) {}

  const platform::Life process = platform::own_life();
  Local* const before_fork;
  std::mutex mutex;
  std::condition_variable changed;
  bool somebody_accepts = false;  // and has `guests`
  bool closed = false;
  std::pair<Channel, Channel> wake;  // a message there ends every wait
  std::list<Guest> guests;           // oldest first
  std::optional<platform::Address> last_accepted;
};

// While it lives, this thread is the one that waits for clients.
class Turn {
 public:
  Turn(Local& local, Deadline deadline) : local_(local) {
    std::unique_lock lock(local_.mutex);
    const auto may_begin = [&] { return local_.closed || !local_.somebody_accepts; };
    if (deadline.is_never()) {
      local_.changed.wait(lock, may_begin);
    } else if (!local_.changed.wait_until(lock, std::max(deadline.when(), kEpoch), may_begin)) {
      throw TimeoutError("another thread was accepting all the time");
    }
    if (local_.closed) throw OSError("the listener is closed");
    local_.somebody_accepts = true;
    for (Guest& guest : local_.guests) guest.start_time();
  }
  ~Turn() {
    const std::lock_guard lock(local_.mutex);
    for (Guest& guest : local_.guests) guest.stop_time();
    local_.somebody_accepts = false;
    local_.changed.notify_all();
  }
  Turn(const Turn&) = delete;

 private:
  // Deadline::passed() lies further back than the clock of a condition can count.
  static constexpr Deadline::Clock::time_point kEpoch{};

  Local& local_;
};

}  // namespace

class Listener::Core {
 public:
  Core(const Address& address, const ListenerOptions& options)
      : endpoint_(endpoint_for(address, options)),
        address(endpoint_.address()),
        authkey_(options.authkey),
        handshake_(options.handshake),
        local_(new Local(nullptr)) {}
  // A forked child that never used the listener has its parent's Local, which may not be touched. It makes none of its own for the
  // end: that would take descriptors, and there may be none left.
  ~Core() {
    Local* const last = local_.load(std::memory_order_acquire);
    const bool is_own = last->process == platform::own_life();
    if (is_own) close();
    if (noted_.place() == PrivateHandle::Place::kClosed) {
      new Endpoint(std::move(endpoint_));  // for good: its end would close what may be somebody else's number by now
    } else if (!is_own) {
      endpoint_.close();
    }
    if (is_own) delete last;
  }
  Core(const Core&) = delete;

  using Accepted = std::pair<Connection, PrivateHandle>;
  Accepted accept(Deadline deadline);
  void close();
  void keep_from_children();
  Local& local();

 private:
  std::vector<std::size_t> wait(Local& local, Deadline deadline);
  std::optional<Accepted> welcome(Local& local);
  std::optional<Accepted> take_finished(Local& local);

  Endpoint endpoint_;
  PrivateHandle noted_;  // none: children may accept, too

 public:
  const Address address;

 private:
  const std::optional<std::string> authkey_;
  const Wait handshake_;
  std::atomic<Local*> local_;
};

// Several threads of a forked child may find the state of the parent at once: one of them replaces it.
Local& Listener::Core::local() {
  Local* current = local_.load(std::memory_order_acquire);
  if (current->process == platform::own_life()) return *current;
  auto fresh = std::make_unique<Local>(current);
  fresh->closed = !endpoint_ || noted_.place() == PrivateHandle::Place::kClosed;
  if (local_.compare_exchange_strong(current, fresh.get(), std::memory_order_acq_rel)) return *fresh.release();
  return *current;
}

// Which are ready: the wake, the endpoint, and the guests in order.
std::vector<std::size_t> Listener::Core::wait(Local& local, Deadline deadline) {
  if (std::ranges::any_of(local.guests, [](const Guest& guest) { return !guest.is_waiting(); }))
    deadline = Deadline::passed();
  std::vector<platform::NativeHandle> natives = {local.wake.second.native(), endpoint_.native()};
  for (const Guest& guest : local.guests) {
    natives.push_back(guest.native());
    deadline = deadline.or_earlier(guest.deadline());
  }
  return platform::wait_any(natives, deadline);
}

// Somebody is at the door: in, or to the guests.
std::optional<Listener::Core::Accepted> Listener::Core::welcome(Local& local) {
  std::optional<Endpoint::Accepted> accepted;
  const auto open = [&](std::uint64_t = 0) {
    accepted = endpoint_.accept(Deadline::passed());
    return accepted ? accepted->channel.native() : platform::kNoHandle;
  };
  PrivateHandle noted;
  if (noted_.is_own()) {
    noted = PrivateHandle::note(open);
  } else {
    open();
  }
  if (!accepted) return std::nullopt;
  if (!authkey_) {
    const std::lock_guard lock(local.mutex);
    local.last_accepted = std::move(accepted->from);
    return Accepted(std::move(accepted->channel), std::move(noted));
  }
  if (local.guests.size() == kMostGuests)
    local.guests.front().refuse("too many connected after it and did not prove their key");
  local.guests.emplace_back(std::move(*accepted), std::move(noted), *authkey_, handshake_);
  return std::nullopt;
}

// The first guest that is through, in whatever way, leaves.
std::optional<Listener::Core::Accepted> Listener::Core::take_finished(Local& local) {
  const auto found = std::ranges::find_if(local.guests, [](const Guest& guest) { return !guest.is_waiting(); });
  if (found == local.guests.end()) return std::nullopt;
  Guest guest = std::move(*found);
  local.guests.erase(found);
  {
    const std::lock_guard lock(local.mutex);
    local.last_accepted = guest.from;
  }
  if (guest.is_refused()) throw AuthenticationError("a client was not authenticated: " + guest.reason());
  return guest.take();
}

Listener::Core::Accepted Listener::Core::accept(Deadline deadline) {
  Local& own = local();
  const Turn turn(own, deadline);
  for (;;) {
    const std::vector<std::size_t> ready = wait(own, deadline);
    const auto is_ready = [&](std::size_t index) { return std::ranges::binary_search(ready, index); };
    if (is_ready(0)) throw OSError("the listener was closed while somebody waited to accept");
    std::size_t index = 2;
    for (Guest& guest : own.guests) {
      if (is_ready(index++)) guest.listen();
      if (guest.is_waiting() && guest.deadline().has_passed()) guest.refuse("the client did not take its part in time");
    }
    if (auto accepted = take_finished(own)) return std::move(*accepted);
    if (is_ready(1)) {
      if (auto accepted = welcome(own)) return std::move(*accepted);
    }
    if (deadline.has_passed()) throw TimeoutError("nobody connected, and proved the key, in time");
  }
}

void Listener::Core::close() {
  Local& own = local();
  std::unique_lock lock(own.mutex);
  if (std::exchange(own.closed, true)) return;
  own.wake.first.send({}, {}, Deadline::passed());
  own.changed.notify_all();
  own.changed.wait(lock, [&] { return !own.somebody_accepts; });
  // First, so that who sees a guest's end finds no address any more.
  if (noted_.is_own()) {
    noted_.close([this] { endpoint_.close(); });
  } else {
    endpoint_.close();
  }
  own.guests.clear();
}

void Listener::Core::keep_from_children() {
  Local& own = local();
  const std::lock_guard lock(own.mutex);
  if (!own.closed && !noted_.is_own()) noted_ = PrivateHandle::note(endpoint_.native());
}

Listener::Listener(const Address& address, const ListenerOptions& options)
    : core_(with_system([&] { return std::make_shared<Core>(address, options); })) {}

Connection Listener::accept(Wait timeout) const {
  return with_system([&] { return core_->accept(timeout.deadline()).first; });
}

std::pair<Connection, PrivateHandle> Listener::accept_private() const {
  return with_system([&] { return core_->accept(Deadline::never()); });
}

void Listener::keep_from_children() const { core_->keep_from_children(); }

void Listener::close() const { core_->close(); }

bool Listener::closed() const {
  Local& local = core_->local();
  const std::lock_guard lock(local.mutex);
  return local.closed;
}

const Address& Listener::address() const { return core_->address; }

std::optional<Address> Listener::last_accepted() const {
  Local& local = core_->local();
  const std::lock_guard lock(local.mutex);
  if (!local.last_accepted) return std::nullopt;
  return Address(*local.last_accepted);
}

Connection Client(const Address& address, const ClientOptions& options) {
  if (address.is_arbitrary()) throw ValueError("a Client needs the address of a Listener");
  const platform::Address place = place_in_family(address, options.family);
  std::optional<Channel> channel = with_system([&] { return Endpoint::connect(place, options.connect.deadline()); });
  if (!channel) throw TimeoutError("could not connect to " + address.repr() + " in time");
  const Connection connection(std::move(*channel));
  if (options.authkey) authenticate(connection, Handshake::Role::kClient, *options.authkey, options.handshake);
  return connection;
}

}  // namespace mp
