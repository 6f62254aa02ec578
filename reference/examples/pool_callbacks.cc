// Calls that nobody waits for: their results, and what went wrong, come to functions of the main process.
#include <iostream>
#include <string>

#include "reference/entry.h"
#include "reference/error.h"
#include "reference/pool.h"
#include "reference/start_method.h"

std::string insert(int row) {
  if (row % 4 == 0) throw mp::ValueError("row " + std::to_string(row) + " is refused");
  return "row " + std::to_string(row) + " is in";
}

int main(int argc, char** argv) {
  mp::freeze_support(argc, argv);
  if (argc > 1) mp::set_start_method(argv[1]);
  mp::Pool pool(2);
  for (int row = 1; row <= 8; ++row) {
    pool.apply_async({.callback = [](const std::string& done) { std::cout << done << '\n'; },
                      .error_callback = [](const std::exception& error) { std::cout << "failed: " << error.what() << '\n'; }},
                     insert, row);
  }
  pool.close();
  pool.join();
  std::cout << "all is done\n";
}
