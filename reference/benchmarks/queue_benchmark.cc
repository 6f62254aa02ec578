// One producer, one consumer, and a round trip over two queues; peers: Boost.Interprocess's message queue and a pipe.
#include <unistd.h>

#include <array>
#include <boost/interprocess/ipc/message_queue.hpp>
#include <cstring>
#include <string>
#include <vector>

#include "reference/benchmarks/measure.h"
#include "reference/benchmarks/rows.h"
#include "reference/queue.h"

namespace mp::bench {
namespace {

namespace ipc = boost::interprocess;

using Small = std::array<char, 8>;

// A named queue of Boost's that does not outlive its user.
class BoostQueue {
 public:
  BoostQueue(const std::string& name, std::size_t slots, std::size_t size)
      : name_("conformance-bench-" + name + "-" + std::to_string(getpid())),
        queue_(ipc::create_only, name_.c_str(), slots, size) {}
  ~BoostQueue() { ipc::message_queue::remove(name_.c_str()); }
  void put(const void* data, std::size_t size) { queue_.send(data, size, 0); }
  void get(void* data, std::size_t size) {
    std::size_t received = 0;
    unsigned priority = 0;
    queue_.receive(data, size, received, priority);
  }

 private:
  std::string name_;
  ipc::message_queue queue_;
};

class Pipe {
 public:
  Pipe() {
    if (pipe(ends_) != 0) throw std::runtime_error("no pipe");
  }
  ~Pipe() {
    close(ends_[0]);
    close(ends_[1]);
  }
  void put(const void* data, std::size_t size) {
    for (std::size_t done = 0; done < size;) done += step(write(ends_[1], static_cast<const char*>(data) + done, size - done));
  }
  void get(void* data, std::size_t size) {
    for (std::size_t done = 0; done < size;) done += step(read(ends_[0], static_cast<char*>(data) + done, size - done));
  }

 private:
  static std::size_t step(ssize_t count) {
    if (count <= 0) throw std::runtime_error("the pipe broke");
    return static_cast<std::size_t>(count);
  }
  int ends_[2];
};

template <class Peer>
double stream(Peer& peer, std::size_t operations, std::size_t size) {
  return beside(
      operations,
      [&] {
        const std::vector<char> item(size, 'x');
        for (std::size_t i = 0; i < operations; ++i) peer.put(item.data(), size);
      },
      [&] {
        std::vector<char> item(size);
        for (std::size_t i = 0; i < operations; ++i) peer.get(item.data(), size);
      });
}

template <class T>
double reference_stream(std::size_t operations, const T& item) {
  Queue<T> queue;
  return beside(
      operations,
      [&] {
        for (std::size_t i = 0; i < operations; ++i) queue.put(item);
      },
      [&] {
        for (std::size_t i = 0; i < operations; ++i) queue.get();
      });
}

void add_stream_row(const std::string& name, const std::string& peer_name, std::size_t size, std::size_t operations,
                    std::size_t python_operations, std::function<double()> reference) {
  add_row({name,
           {{"reference", std::move(reference)},
            {"Boost", [=] { BoostQueue queue("stream", 64, size); return stream(queue, operations, size); }},
            {"pipe", [=] { Pipe queue; return stream(queue, operations, size); }},
            cpython(peer_name, python_operations)}});
}

template <class Peer>
double round_trip(Placement placement, std::size_t operations, Peer& there, Peer& back) {
  return across(
      placement, operations,
      [&] {
        Small item{};
        for (std::size_t i = 0; i < operations; ++i) {
          there.get(&item, sizeof item);
          back.put(&item, sizeof item);
        }
      },
      [&] {
        Small item{};
        for (std::size_t i = 0; i < operations; ++i) {
          there.put(&item, sizeof item);
          back.get(&item, sizeof item);
        }
      });
}

double reference_round_trip(Placement placement, std::size_t operations) {
  Queue<Small> there, back;
  return across(
      placement, operations,
      [&] {
        for (std::size_t i = 0; i < operations; ++i) back.put(there.get());
      },
      [&] {
        for (std::size_t i = 0; i < operations; ++i) {
          there.put(Small{});
          back.get();
        }
      });
}

void add_round_trip_row(Placement placement) {
  constexpr std::size_t kTrips = 10'000;
  add_row({placed("queue round trip, 8 B", placement),
           {{"reference", [=] { return reference_round_trip(placement, kTrips); }},
            {"Boost",
             [=] {
               BoostQueue there("there", 64, 8), back("back", 64, 8);
               return round_trip(placement, kTrips, there, back);
             }},
            {"pipe",
             [=] {
               Pipe there, back;
               return round_trip(placement, kTrips, there, back);
             }},
            cpython(peer_row("queue-round-trip", placement), 3'000)}});
}

}  // namespace

void add_queue_rows() {
  add_stream_row("queue 1 to 1, 8 B", "queue-8", 8, 1'000'000, 50'000,
                 [] { return reference_stream(1'000'000, Small{}); });
  add_stream_row("queue 1 to 1, 1 MiB", "queue-1M", 1 << 20, 1'000, 200,
                 [] { return reference_stream(1'000, std::string(1 << 20, 'x')); });
  add_round_trip_row(Placement::kCrossCpu);
  add_round_trip_row(Placement::kSameCpu);
}

}  // namespace mp::bench
