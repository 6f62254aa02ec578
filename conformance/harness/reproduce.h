#ifndef CONFORMANCE_HARNESS_REPRODUCE_H_
#define CONFORMANCE_HARNESS_REPRODUCE_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "conformance/harness/verdict.h"

namespace mp::conformance {

// A word as a shell reads it back: in single quotes where it needs them.
std::string shell_quoted(std::string_view word);
std::string shell_quoted(const std::vector<std::string>& words);

// Splits a command as a POSIX shell splits words: blanks, '...', "..." and backslashes; nothing is expanded. But paths of Windows stay as
// they are: a backslash escapes only a quote, a blank or another backslash, and the two that begin \\server\share stay two.
// Throws CannotRun if a quote is left open.
std::vector<std::string> split_command(std::string_view command);

// What the user has to say again to see the same test do the same thing.
struct HowItRan {
  std::vector<std::string> command;  // of the testee; empty: the reference
  std::uint64_t seed = 1;            // of the first repetition; each further one has the next
  double timeout_scale = 1.0;

  HowItRan of_repetition(int number) const;
};

// One command that runs this test alone: conform run --testee ... --start-method ... --filter ... --seed ...
std::string reproduce_command(const HowItRan& how, const Outcome& outcome);

// How the user calls this program: what the variable CONFORM_COMMAND says (ci/conform sets it), else "conform".
std::string program_name();

}  // namespace mp::conformance

#endif  // CONFORMANCE_HARNESS_REPRODUCE_H_
