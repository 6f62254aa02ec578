// What processes are about, on standard error: [WARNING/MainProcess] doomed, [INFO/worker] working, and the start and end of the worker.
#include <iostream>

#include "reference/entry.h"
#include "reference/log.h"
#include "reference/process.h"
#include "reference/start_method.h"

void work() { mp::get_logger().info("working"); }

int main(int argc, char** argv) {
  mp::freeze_support(argc, argv);
  if (argc > 1) mp::set_start_method(argv[1]);
  const mp::Logger logger = mp::log_to_stderr();
  logger.set_level(mp::log_level::kInfo);
  logger.warning("doomed");
  mp::Process process({.name = "worker"}, work);
  process.start();
  process.join();
  std::cout << "the worker ended with " << *process.exitcode() << '\n';
}
