#include "conformance/adapters/cpp/toy.h"

int main() {
  mp::conformance::Adapter adapter(mp::conformance::toy_implementer());
  mp::conformance::fill_toy(adapter);
  return adapter.main();
}
