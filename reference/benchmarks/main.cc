// The benchmarks: each row is measured beside its peers in the same run, and printed as ratios.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstring>
#include <string>

#include "reference/benchmarks/measure.h"
#include "reference/benchmarks/rows.h"
#include "reference/multiprocessing.h"

int main(int argc, char** argv) {
  if (argc == 2 && std::strcmp(argv[1], "--leave-at-once") == 0) _exit(0);  // the child of the bare posix_spawn row
  mp::freeze_support(argc, argv);

  CLI::App app{"Measures the reference beside CPython, Boost.Interprocess and the bare system calls, as ratios of one run."};
  bool quick = false, list = false;
  int repetitions = 11;
  std::string filter;
  app.add_flag("--quick", quick, "5 repetitions of each row (about a minute)");
  app.add_option("--repetitions", repetitions, "repetitions of each row")->check(CLI::Range(1, 1000))->capture_default_str();
  app.add_option("--filter", filter, "only rows with this text in their name");
  app.add_flag("--list", list, "print the names of the rows");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }

  mp::bench::add_start_rows();
  mp::bench::add_queue_rows();
  mp::bench::add_connection_rows();
  mp::bench::add_lock_rows();
  mp::bench::add_synchronisation_rows();
  mp::bench::add_value_rows();
  mp::bench::add_pool_rows();
  mp::bench::add_manager_rows();
  if (list) {
    mp::bench::list_rows();
    return 0;
  }
  if (quick && app.count("--repetitions") == 0) repetitions = 5;
  return mp::bench::run_rows(filter, repetitions);
}
