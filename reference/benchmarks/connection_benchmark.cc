// Messages over a connection: a round trip of eight bytes, and messages one way; peer: the same over a bare socket pair.
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <stdexcept>
#include <string>
#include <vector>

#include "reference/benchmarks/measure.h"
#include "reference/benchmarks/rows.h"
#include "reference/connection.h"

namespace mp::bench {
namespace {

constexpr std::size_t kTrips = 10'000;
constexpr std::array<std::byte, 8> kItem{};

double reference(Placement placement) {
  auto ends = mp::Pipe();
  mp::Connection& here = ends.first;  // lambdas cannot take structured bindings along
  mp::Connection& there = ends.second;
  return across(
      placement, kTrips,
      [&] {
        for (std::size_t i = 0; i < kTrips; ++i) there.send_bytes(there.recv_bytes());
      },
      [&] {
        for (std::size_t i = 0; i < kTrips; ++i) {
          here.send_bytes(kItem);
          here.recv_bytes();
        }
      });
}

double raw_socket(Placement placement) {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0) throw std::runtime_error("no socket pair");
  const auto pass = [](bool done) {
    if (!done) throw std::runtime_error("the socket broke");
  };
  char item[8] = {};
  const double seconds = across(
      placement, kTrips,
      [&] {
        for (std::size_t i = 0; i < kTrips; ++i) {
          pass(read(ends[1], item, sizeof item) == sizeof item);
          pass(write(ends[1], item, sizeof item) == sizeof item);
        }
      },
      [&] {
        for (std::size_t i = 0; i < kTrips; ++i) {
          pass(write(ends[0], item, sizeof item) == sizeof item);
          pass(read(ends[0], item, sizeof item) == sizeof item);
        }
      });
  close(ends[0]);
  close(ends[1]);
  return seconds;
}

// The seconds of one message of `size` bytes, of many that go one way; the last one is answered.
double reference_one_way(std::size_t size, std::size_t count) {
  auto ends = mp::Pipe();
  mp::Connection& here = ends.first;  // lambdas cannot take structured bindings along
  mp::Connection& there = ends.second;
  std::vector<std::byte> buffer(size);
  return beside(
      count,
      [&] {
        for (std::size_t i = 0; i < count; ++i) there.recv_bytes_into(buffer);
        there.send_bytes(kItem);
      },
      [&] {
        for (std::size_t i = 0; i < count; ++i) here.send_bytes(buffer);
        here.recv_bytes();
      });
}

// Writes, or reads, exactly `size` bytes.
template <class Call>
void whole(Call call, int fd, char* data, std::size_t size) {
  for (std::size_t done = 0; done < size;) {
    const ssize_t step = call(fd, data + done, size - done);
    if (step <= 0) throw std::runtime_error("the socket broke");
    done += static_cast<std::size_t>(step);
  }
}

double raw_one_way(std::size_t size, std::size_t count) {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0) throw std::runtime_error("no socket pair");
  std::vector<char> buffer(size);
  char answer = 0;
  const double seconds = beside(
      count,
      [&] {
        for (std::size_t i = 0; i < count; ++i) whole(read, ends[1], buffer.data(), size);
        whole(write, ends[1], &answer, 1);
      },
      [&] {
        for (std::size_t i = 0; i < count; ++i) whole(write, ends[0], buffer.data(), size);
        whole(read, ends[0], &answer, 1);
      });
  close(ends[0]);
  close(ends[1]);
  return seconds;
}

void add_one_way_row(const std::string& size_name, std::size_t size, std::size_t count, std::size_t count_of_cpython) {
  add_row({"connection one way, " + size_name,
           {{"reference", [=] { return reference_one_way(size, count); }},
            {"raw socket", [=] { return raw_one_way(size, count); }},
            cpython("connection-one-way-" + std::to_string(size), count_of_cpython)}});
}

void add_round_trip_row(Placement placement) {
  add_row({placed("connection round trip, 8 B", placement),
           {{"reference", [=] { return reference(placement); }},
            {"raw socket", [=] { return raw_socket(placement); }},
            cpython(peer_row("connection-round-trip", placement), 3'000)}});
}

}  // namespace

void add_connection_rows() {
  add_round_trip_row(Placement::kCrossCpu);
  add_round_trip_row(Placement::kSameCpu);
  add_one_way_row("8 B", 8, 200'000, 30'000);
  add_one_way_row("1 MiB", 1 << 20, 1'000, 200);
}

}  // namespace mp::bench
