// A file as memory and as a file at once.
#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>

#include "reference/memory_map.h"
#include "reference/process.h"

// A child maps the same file, and its parent sees what it writes.
void change(std::string path) { mp::MemoryMap(path).set({.start = 6}, " child!\n"); }

int main(int argc, char** argv) {
  mp::freeze_support(argc, argv);
  if (argc > 1) mp::set_start_method(argv[1]);
  const std::string name = "hello-" + std::to_string(*mp::current_process().pid()) + ".txt";
  const std::string path = (std::filesystem::temp_directory_path() / name).string();
  std::ofstream(path, std::ios::binary) << "Hello Python!\n";

  mp::MemoryMap map(path);  // the whole file
  std::cout << map.readline();
  std::cout << map.get({.stop = 5}) << '\n';
  map.set({.start = 6}, " world!\n");  // as many bytes as there were
  map.seek(0);
  std::cout << map.readline();
  mp::Process process(change, path);
  process.start();
  process.join();
  map.seek(0);
  std::cout << map.readline();
  map.close();
  std::filesystem::remove(path);
}
