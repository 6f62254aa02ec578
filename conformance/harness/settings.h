#ifndef CONFORMANCE_HARNESS_SETTINGS_H_
#define CONFORMANCE_HARNESS_SETTINGS_H_

#include <cstdint>
#include <string>
#include <vector>

namespace mp::conformance {

// How testees are started and how long the runner waits: what the command line decided, fixed for the whole run.
struct Settings {
  std::vector<std::string> command;  // the testee, split as a shell splits words
  std::uint64_t seed = 1;
  double timeout_scale = 1.0;        // multiplies every limit of the runner, never a duration that is under test
  bool keep_going = false;
};

// Set once by main, before the first test.
void set_settings(Settings settings);
const Settings& settings();

}  // namespace mp::conformance

#endif  // CONFORMANCE_HARNESS_SETTINGS_H_
