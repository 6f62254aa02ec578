#include "reference/benchmarks/measure.h"

#include <benchmark/benchmark.h>
#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <map>
#include <memory>
#include <stdexcept>

namespace mp::bench {
namespace {

std::vector<Row>& rows() {
  static std::vector<Row> all;
  return all;
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const std::size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

std::string readable(double seconds) {
  char text[32];
  if (seconds < 1e-6) {
    std::snprintf(text, sizeof text, "%.1f ns", seconds * 1e9);
  } else if (seconds < 1e-3) {
    std::snprintf(text, sizeof text, "%.2f us", seconds * 1e6);
  } else {
    std::snprintf(text, sizeof text, "%.2f ms", seconds * 1e3);
  }
  return text;
}

// The figures of one row: contestant -> one number a repetition.
using Figures = std::vector<std::vector<double>>;

void print_row(const Row& row, const Figures& figures) {
  std::printf("%-42s %12s", row.name.c_str(), readable(median(figures[0])).c_str());
  for (std::size_t peer = 1; peer < row.contestants.size(); ++peer) {
    std::vector<double> ratios;
    for (std::size_t i = 0; i < figures[0].size(); ++i) ratios.push_back(figures[peer][i] / figures[0][i]);
    std::printf("   %s %s (%.2fx)", row.contestants[peer].name.c_str(), readable(median(figures[peer])).c_str(),
                median(ratios));
  }
  std::printf("\n");
  std::fflush(stdout);
}

// Google Benchmark runs one contestant of one repetition at a time; its figures come to us, we print the table.
class Collector : public benchmark::BenchmarkReporter {
 public:
  bool ReportContext(const Context&) override { return true; }
  void ReportRuns(const std::vector<Run>& runs) override {
    for (const Run& run : runs) seconds = run.real_accumulated_time / static_cast<double>(run.iterations);
  }
  double seconds = 0;
};

double run_once(const std::string& name, const Contestant& contestant) {
  // Kept here, too: what a run says of its error has other names since Google Benchmark 1.8.
  std::string problem;
  benchmark::ClearRegisteredBenchmarks();
  benchmark::RegisterBenchmark(name.c_str(), [&contestant, &problem](benchmark::State& state) {
    for (auto _ : state) {
      try {
        state.SetIterationTime(contestant.run());
      } catch (const std::exception& error) {
        problem = error.what();
        state.SkipWithError(error.what());
      }
    }
  })->Iterations(1)->UseManualTime();
  Collector collector;
  benchmark::RunSpecifiedBenchmarks(&collector);
  if (!problem.empty()) throw std::runtime_error(name + ": " + problem);
  return collector.seconds;
}

}  // namespace

void add_row(Row row) { rows().push_back(std::move(row)); }

void list_rows() {
  for (const Row& row : rows()) std::printf("%s\n", row.name.c_str());
}

int run_rows(const std::string& filter, int repetitions) {
  std::printf("%-42s %12s   peers: time (how many times the reference is faster), medians of %d\n", "row", "reference",
              repetitions);
  int run = 0;
  for (const Row& row : rows()) {
    if (row.name.find(filter) == std::string::npos) continue;
    ++run;
    Figures figures(row.contestants.size());
    for (int repetition = 0; repetition < repetitions; ++repetition) {
      for (std::size_t i = 0; i < row.contestants.size(); ++i) {
        figures[i].push_back(run_once(row.name + "/" + row.contestants[i].name, row.contestants[i]));
      }
    }
    print_row(row, figures);
  }
  if (run == 0) {
    std::fprintf(stderr, "bench: no row has '%s' in its name; --list shows them\n", filter.c_str());
    return 2;
  }
  return 0;
}

Contestant cpython(const std::string& row, std::size_t operations) {
  return {"CPython", [row, operations] {
            const char* peers = std::getenv("BENCH_PEERS");
            const std::string command = std::string("python3 ") + (peers ? peers : "reference/benchmarks/peers.py") + " " +
                                        row + " " + std::to_string(operations);
            std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), pclose);
            double seconds = 0;
            if (!pipe || std::fscanf(pipe.get(), "%lf", &seconds) != 1) {
              throw std::runtime_error("no figure from `" + command + "`: is python3 installed?");
            }
            return seconds;
          }};
}

void pin(int cpu) {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(cpu, &set);
  sched_setaffinity(0, sizeof set, &set);
}

void unpin() {
  cpu_set_t set;
  CPU_ZERO(&set);
  for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu) CPU_SET(cpu, &set);
  sched_setaffinity(0, sizeof set, &set);
}

std::string placed(const std::string& row, Placement placement) {
  return row + (placement == Placement::kSameCpu ? ", same CPU" : ", two CPUs");
}

std::string peer_row(const std::string& row, Placement placement) {
  return row + (placement == Placement::kSameCpu ? "-same" : "-cross");
}

int second_cpu(Placement placement) { return placement == Placement::kSameCpu ? 0 : 1; }

double timed(std::size_t operations, const std::function<void()>& body) {
  const auto begin = std::chrono::steady_clock::now();
  body();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count() / static_cast<double>(operations);
}

double beside(std::size_t operations, const std::function<void()>& other, const std::function<void()>& here) {
  const pid_t child = fork();
  if (child < 0) throw std::runtime_error("no child could be started");
  if (child == 0) {
    other();
    _exit(0);
  }
  const double seconds = timed(operations, here);
  waitpid(child, nullptr, 0);
  return seconds;
}

double across(Placement placement, std::size_t operations, const std::function<void()>& other,
              const std::function<void()>& here) {
  pin(0);
  const double seconds = beside(
      operations,
      [&] {
        pin(second_cpu(placement));
        other();
      },
      here);
  unpin();
  return seconds;
}

}  // namespace mp::bench
