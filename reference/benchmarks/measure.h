#ifndef REFERENCE_BENCHMARKS_MEASURE_H_
#define REFERENCE_BENCHMARKS_MEASURE_H_

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace mp::bench {

// One way to do what a row measures. `run` does it and gives the seconds that one operation took, measured inside.
struct Contestant {
  std::string name;  // "reference", "CPython", or the name of a peer
  std::function<double()> run;
};

// One line of the result: the reference first, then its peers. Within a repetition all contestants of a row run one after the
// other, so that a machine that drifts drifts for all of them; a ratio is made within a repetition, and the median of those is printed.
struct Row {
  std::string name;
  std::vector<Contestant> contestants;
};

void add_row(Row row);
void list_rows();
// Runs all rows whose name contains `filter` and prints the table; returns the exit status of the program.
int run_rows(const std::string& filter, int repetitions);

// Asks peers.py, run by python3, for its figure of the row.
Contestant cpython(const std::string& row, std::size_t operations);

// Where the two sides of a round trip run. Unpinned ones are bimodal: the scheduler packs both on one CPU when it pleases.
enum class Placement { kSameCpu, kCrossCpu };
std::string placed(const std::string& row, Placement placement);
std::string peer_row(const std::string& row, Placement placement);  // as peers.py calls it
// This process runs on this CPU only, from now on.
void pin(int cpu);
void unpin();
int second_cpu(Placement placement);  // the one for the other side; the first side runs on CPU 0

// Forks, runs `other` in the child and `here` in this process, waits for the child; gives the seconds of `here` divided by operations.
double beside(std::size_t operations, const std::function<void()>& other, const std::function<void()>& here);
// The same for a round trip: the child on second_cpu, this process on CPU 0 meanwhile.
double across(Placement placement, std::size_t operations, const std::function<void()>& other,
              const std::function<void()>& here);
// Seconds of body() divided by operations.
double timed(std::size_t operations, const std::function<void()>& body);

}  // namespace mp::bench

#endif  // REFERENCE_BENCHMARKS_MEASURE_H_
