// The same objects without a lock: faster, and nobody waits for anybody.
//
// They are arguments of the process under every start method; that a global variable would do under fork is a matter of luck elsewhere.
#include <iostream>

#include "reference/ctypes.h"
#include "reference/process.h"
#include "reference/shared_array.h"
#include "reference/shared_value.h"

struct Point {
  double x, y;
};

void square(mp::Value<int> n, mp::RawArray<mp::Code<'h'>> x, mp::RawArray<mp::c_int> s, mp::RawValue<Point> point) {
  n.update([](int& number) { number *= number; });
  x[6] = 1;
  for (int& number : s) number *= number;
  point->x *= point->x;
}

int main(int argc, char** argv) {
  mp::freeze_support(argc, argv);
  if (argc > 1) mp::set_start_method(argv[1]);
  mp::Value<int> n(7);
  mp::RawArray<mp::Code<'h'>> x(7);
  mp::RawArray<mp::c_int> s{9, 2, 8};
  mp::RawValue<Point> point({1.5, -6.25});
  mp::Process process(square, n, x, s, point);
  process.start();
  process.join();
  std::cout << n.value() << '\n';
  for (const short number : x) std::cout << number << ' ';
  std::cout << '\n';
  for (const int number : s) std::cout << number << ' ';
  std::cout << '\n' << point->x << ' ' << point->y << '\n';
}
