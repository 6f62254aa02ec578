#include "conformance/harness/settings.h"

#include <utility>

namespace mp::conformance {
namespace {

Settings& the_settings() {
  static Settings settings;
  return settings;
}

}  // namespace

void set_settings(Settings settings) { the_settings() = std::move(settings); }

const Settings& settings() { return the_settings(); }

}  // namespace mp::conformance
