#include <iostream>

#include "spec/clause_compiler/compile.h"

int main(int argc, char** argv) { return mp::spec::compile({argv + 1, argv + argc}, std::cerr); }
