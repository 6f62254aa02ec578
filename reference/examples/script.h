#ifndef REFERENCE_EXAMPLES_SCRIPT_H_
#define REFERENCE_EXAMPLES_SCRIPT_H_

#include <cstdio>
#include <optional>
#include <string>
#include <vector>

// A run of a Python script, of which we read what it prints.
//
// Owns:    the run, and waits for its end.
// Shares:  nothing.
// Threads: one.
// Blocks:  line() until there is one, or the script has ended.
// Throws:  nothing. A script that cannot be run prints nothing.
class Script {
 public:
  // Neither has a blank in it.
  explicit Script(const std::string& path, const std::vector<std::string>& arguments = {}) {
    std::string command = "python3 " + path;
    for (const std::string& argument : arguments) command += " " + argument;
    output_ = ::popen(command.c_str(), "r");
  }
  Script(const Script&) = delete;
  ~Script() {
    if (output_ != nullptr) ::pclose(output_);
  }

  // Without its end; nothing after the last one.
  std::optional<std::string> line() {
    std::string text;
    int character = EOF;
    while (output_ != nullptr && (character = std::fgetc(output_)) != EOF && character != '\n')
      text += static_cast<char>(character);
    if (character == EOF && text.empty()) return std::nullopt;
    return text;
  }

 private:
  std::FILE* output_ = nullptr;
};

#endif  // REFERENCE_EXAMPLES_SCRIPT_H_
