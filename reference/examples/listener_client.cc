// A server and a client that know nothing of each other but an address and a password.
//
// Either of them may be a Python program: multiprocessing.connection.Client(address, authkey=b"secret password") speaks the same.
#include <iostream>
#include <string>
#include <vector>

#include "reference/listener.h"
#include "reference/process.h"

const std::string kPassword = "secret password";

void client(int port) {
  const mp::Connection connection = mp::Client({"localhost", port}, {.authkey = kPassword});
  std::cout << connection.recv().repr() << '\n';
  std::cout << mp::characters(connection.recv_bytes()) << '\n';
  std::vector<int> numbers(5);
  std::cout << connection.recv_bytes_into(numbers) << " bytes:";
  for (const int number : numbers) std::cout << ' ' << number;
  std::cout << '\n';
}

void stranger(int port) {
  try {
    mp::Client({"localhost", port}, {.authkey = "a guess"});
  } catch (const mp::AuthenticationError&) {
    std::cout << "the stranger was not let in\n";
  }
}

int main(int argc, char** argv) {
  mp::freeze_support(argc, argv);
  if (argc > 1) mp::set_start_method(argv[1]);
  const mp::Listener listener({"localhost", 0}, {.authkey = kPassword});  // any free port

  mp::Process guessing(stranger, listener.address().port());
  guessing.start();
  try {
    listener.accept();
  } catch (const mp::AuthenticationError&) {
    std::cout << "refused one\n";
  }
  guessing.join();

  mp::Process knowing(client, listener.address().port());
  knowing.start();
  const mp::Connection connection = listener.accept();
  connection.send(mp::list(2.25, nullptr, "junk", mp::tuple(1, true)));
  connection.send_bytes("hello");
  connection.send_bytes(std::vector<int>{42, 1729});
  knowing.join();
}
