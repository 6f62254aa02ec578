#include "reference/server.h"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>

#include "reference/error.h"
#include "reference/listener.h"
#include "reference/objects.h"
#include "reference/private_connection.h"
#include "reference/process.h"
#include "reference/segments.h"
#include "reference/session.h"

namespace mp {
namespace {

// How many may wait before they are accepted: a whole machine's processes at once.
constexpr int kBacklog = 128;
constexpr std::chrono::milliseconds kPause(20);

}  // namespace

class Server::Core : public std::enable_shared_from_this<Core> {
 public:
  Core(Registry registry, const Address& address, const std::string& authkey)
      : listener_(address, {.backlog = kBacklog, .authkey = authkey}),
        objects_(std::make_shared<Objects>(std::move(registry), listener_.address())) {}

  const Address& address() const { return objects_->address(); }
  void serve_forever();
  void stop();
  // Nobody is let in any more, and what was looked after is gone.
  void close() {
    listener_.close();
    segments_->remove_all();
  }

 private:
  bool is_stopping() const {
    const std::lock_guard lock(mutex_);
    return stopping_;
  }
  Session::Host host() {
    return {[self = shared_from_this()] { return self->is_stopping(); }, [self = shared_from_this()] { self->stop(); },
            segments_};
  }
  void accept_all();

  const Listener listener_;
  const std::shared_ptr<Objects> objects_;
  const std::shared_ptr<Segments> segments_ = std::make_shared<Segments>();

  // Guards what follows.
  mutable std::mutex mutex_;
  std::condition_variable stopped_;
  bool stopping_ = false;
};

// A child that a served method forks must not keep them open: clients would take it for the server, were that killed. Only who serves has the place
// for himself: a program may make a server here, and fork a child to serve.
void Server::Core::serve_forever() {
  listener_.keep_from_children();
  std::thread accepting([this] { accept_all(); });
  {
    std::unique_lock lock(mutex_);
    stopped_.wait(lock, [&] { return stopping_; });
  }
  close();
  accepting.join();
}

void Server::Core::stop() {
  const std::lock_guard lock(mutex_);
  stopping_ = true;
  stopped_.notify_all();
}

void Server::Core::accept_all() {
  while (!is_stopping()) {
    try {
      auto [connection, handle] = listener_.accept_private();
      auto session = std::make_shared<Session>(
          objects_, proxy_internal::PrivateConnection(std::move(connection), std::move(handle)), host());
      std::thread([session] { session->run(); }).detach();
    } catch (const AuthenticationError&) {
      // Told so already.
    } catch (const std::exception&) {
      // Closed, which ends the loop; or the system has no more handles or threads, and somebody has to go first.
      std::unique_lock lock(mutex_);
      stopped_.wait_for(lock, kPause, [&] { return stopping_; });
    }
  }
}

// A process may end while one of its threads serves: its socket must not stay, nor what it looks after.
Server::Server(Registry registry, const Address& address, const std::string& authkey)
    : core_(std::make_shared<Core>(std::move(registry), address, authkey)) {
  at_exit([weak = std::weak_ptr<Core>(core_)] {
    if (const auto core = weak.lock()) core->close();
  });
}

const Address& Server::address() const { return core_->address(); }
void Server::serve_forever() const { core_->serve_forever(); }
void Server::stop() const { core_->stop(); }

}  // namespace mp
