// A text that processes share is an array of characters.
//
// Not a pointer to characters, as Value(c_char_p, "hello") would be: of a pointer only the address is shared, and the text stays in the
// memory of the process that made it.
#include <iostream>
#include <string>

#include "reference/process.h"
#include "reference/shared_array.h"

void shout(mp::Array<char> text) { text.set_value("HELLO"); }

int main(int argc, char** argv) {
  mp::freeze_support(argc, argv);
  if (argc > 1) mp::set_start_method(argv[1]);
  mp::Array<char> text(std::string("hello world"));
  mp::Process process(shout, text);
  process.start();
  process.join();
  std::cout << text.value() << ", of " << text.size() << " characters\n";
}
