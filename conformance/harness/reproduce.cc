#include "conformance/harness/reproduce.h"

#include <cctype>
#include <sstream>

#include "conformance/harness/cannot_run.h"
#include "conformance/harness/this_process.h"

namespace mp::conformance {
namespace {

bool is_harmless(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) ||
         std::string_view("_-./:=,+@%^").find(c) != std::string_view::npos;
}

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n'; }

bool is_quote(char c) { return c == '\'' || c == '"'; }

// Whether the backslash that `text` begins with takes its meaning from what follows it. In double quotes a blank has none.
bool escapes(std::string_view text, char quote) {
  if (text.size() < 2 || quote == '\'') return false;
  const char next = text[1];
  return next == '\\' || (quote == '"' ? next == '"' : is_quote(next) || is_blank(next));
}

// \\server\share: two backslashes before anything that the second could not escape.
bool begins_network_path(std::string_view text) {
  return text.size() > 2 && text.starts_with("\\\\") && text[2] != '\\' && !is_quote(text[2]) && !is_blank(text[2]);
}

// Takes one word off the front of `text`, which does not begin with a blank.
std::string take_word(std::string_view& text) {
  std::string word;
  char quote = '\0';
  std::size_t at = 0;
  for (; at < text.size() && (quote != '\0' || !is_blank(text[at])); ++at) {
    const char c = text[at];
    if (c == quote) {
      quote = '\0';
    } else if (quote == '\0' && is_quote(c)) {
      quote = c;
    } else if (word.empty() && begins_network_path(text.substr(at))) {
      word += "\\\\";
      ++at;
    } else if (c == '\\' && escapes(text.substr(at), quote)) {
      word += text[++at];
    } else {
      word += c;
    }
  }
  if (quote != '\0') {
    throw CannotRun("the testee's command has an open quote at: " + std::string(text) +
                    "\nclose it, or put a backslash in front of it");
  }
  text.remove_prefix(at);
  return word;
}

}  // namespace

std::string shell_quoted(std::string_view word) {
  bool plain = !word.empty();
  for (const char c : word) plain = plain && is_harmless(c);
  if (plain) return std::string(word);
  std::string text = "'";
  for (const char c : word) text += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return text + "'";
}

std::string shell_quoted(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + shell_quoted(word);
  return text;
}

std::vector<std::string> split_command(std::string_view command) {
  std::vector<std::string> words;
  while (!command.empty()) {
    if (is_blank(command.front())) {
      command.remove_prefix(1);
    } else {
      words.push_back(take_word(command));
    }
  }
  return words;
}

HowItRan HowItRan::of_repetition(int number) const {
  HowItRan how = *this;
  how.seed += static_cast<std::uint64_t>(number);
  return how;
}

std::string reproduce_command(const HowItRan& how, const Outcome& outcome) {
  std::ostringstream command;
  command << program_name() << " run";
  if (!how.command.empty()) command << " --testee " << shell_quoted(shell_quoted(how.command));
  command << " --start-method " << shell_quoted(outcome.start_method) << " --filter " << shell_quoted(outcome.test)
          << " --seed " << how.seed;
  if (how.timeout_scale != 1.0) command << " --timeout-scale " << how.timeout_scale;
  return command.str();
}

std::string program_name() {
  const std::string name = environment_variable("CONFORM_COMMAND");
  return !name.empty() ? name : "conform";
}

}  // namespace mp::conformance
