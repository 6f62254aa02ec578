// A parent and a child greet each other over a pipe.
//
// Each side closes the end that it does not use: a reader learns that the other one is gone only when the last copy of its end is closed.
#include <iostream>
#include <string>

#include "reference/connection.h"
#include "reference/error.h"
#include "reference/process.h"

void child(mp::Connection parent) {
  parent.send("have you eaten?");
  std::cout << "the parent says: " + parent.recv<std::string>() + "\n";
  parent.close();
}

int main(int argc, char** argv) {
  mp::freeze_support(argc, argv);
  if (argc > 1) mp::set_start_method(argv[1]);
  auto [ours, theirs] = mp::Pipe();
  mp::Process process(child, theirs);
  process.start();
  theirs.close();
  std::cout << "the child says: " + ours.recv<std::string>() + "\n" << std::flush;
  ours.send("yes");
  process.join();
  try {
    ours.recv();
  } catch (const mp::EOFError&) {
    std::cout << "the child has hung up\n";
  }
}
