// A testee for launcher_test, the same on every system: does what its first argument says.
#include <boost/system/error_code.hpp>  // missing in the next one
//
#include <algorithm>
#include <boost/process/args.hpp>
#include <boost/process/child.hpp>
#include <boost/process/exe.hpp>
#include <chrono>
#include <cstddef>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <iostream>
#include <iterator>
#include <map>
#include <string>
#include <thread>
#include <vector>

namespace {

namespace bp = boost::process;
using Words = std::vector<std::string>;

// Nothing that is printed has a line end, which systems write differently.
void print(const Words& words) {
  for (const std::string& word : words) std::cout << "[" << word << "]";
}

std::string variable(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  return value != nullptr ? value : "";
}

void flood(std::size_t size) {
  std::cout << "first";
  const std::string part(1000, 'x');
  for (std::size_t done = 0; done < size; done += part.size()) std::cout << part;
  std::cout << "last";
}

}  // namespace

int main(int argc, char** argv) {
  const Words words(argv + 2, argv + std::max(argc, 2));
  const std::map<std::string, std::function<void()>> orders = {
      {"exit", [&] { std::exit(std::stoi(words.at(0))); }},
      {"sleep", [&] { std::this_thread::sleep_for(std::chrono::milliseconds(std::stoi(words.at(0)))); }},
      {"print", [&] { print(words); }},
      {"print-variable", [&] { print({variable(words.at(0))}); }},
      {"print-input",
       [&] {
         print({{std::istreambuf_iterator<char>(std::cin), {}}});
       }},
      {"complain", [&] { std::cerr << words.at(0); }},
      {"flood", [&] { flood(std::stoul(words.at(0))); }},
      {"leave-file", [&] { std::ofstream(variable("TMPDIR") + "/forgotten") << "x"; }},
      {"leave-process", [&] { bp::child(bp::exe = argv[0], bp::args = words).detach(); }},
  };
  orders.at(argc > 1 ? argv[1] : "")();
}
