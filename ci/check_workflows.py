#!/usr/bin/env python3
"""Reads .github/workflows: are the keys those that GitHub expects, and is all there that the commands name?

Nothing here can run them. What this finds is what would end a hosted run before its first command.
"""

import pathlib
import re
import shlex
import sys

import yaml

ROOT = pathlib.Path(__file__).resolve().parent.parent
WORKFLOW = {"name", "on", "permissions", "env", "defaults", "concurrency", "jobs"}
JOB = {"name", "runs-on", "container", "strategy", "needs", "if", "env", "defaults", "permissions", "steps", "timeout-minutes",
       "continue-on-error"}
STEP = {"name", "id", "if", "uses", "with", "run", "env", "shell", "working-directory", "continue-on-error", "timeout-minutes"}
STRATEGY = {"fail-fast", "max-parallel", "matrix"}
EVENTS = {"push", "pull_request", "schedule", "workflow_dispatch"}
MACHINE = re.compile(r"(ubuntu|macos|windows)-(latest|\d+(\.\d+)?)(-(intel|large|xlarge|arm))?")
ACTION = re.compile(r"[\w.-]+/[\w.-]+@v\d+")
EXPRESSION = re.compile(r"\$\{\{\s*(.*?)\s*\}\}")
PROGRAMS = {"bazel", "mkdir", "sudo"}  # which hosted machines have, beside ci/ (sudo not in a container)


class Checker:
    def __init__(self):
        self.errors = []

    def expect(self, holds, place, text):
        """Says a mistake once, whatever the number of combinations that show it."""
        sentence = f"{place}: {text}"
        if not holds and sentence not in self.errors:
            self.errors.append(sentence)
        return holds

    def kind(self, value, kind, place, text):
        return self.expect(isinstance(value, kind), place, f"{text} is expected")

    def keys(self, found, known, place):
        if not self.kind(found, dict, place, "a mapping"):
            return False
        for key in found:
            self.expect(key in known, place, f"unknown key {key!r}; there are: {', '.join(sorted(known))}")
        return True

    def parsed(self, path):
        try:
            return yaml.safe_load(path.read_text())
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark
            self.expect(False, f"{path.name}: line {mark.line + 1}, column {mark.column + 1}", f"no YAML: {error.problem}")
            return None

    def words(self, line, place):
        try:
            return shlex.split(line)
        except ValueError as error:
            self.expect(False, place, f"the shell would not understand {line!r}: {error}")
            return []

    def workflow(self, path):
        place = path.name
        before = len(self.errors)
        content = self.parsed(path)
        if len(self.errors) > before or not self.kind(content, dict, place, "a mapping"):
            return
        # YAML 1.1 reads a bare `on` as true.
        content = {("on" if key is True else key): value for key, value in content.items()}
        self.keys(content, WORKFLOW, place)
        events = content.get("on") or {}
        for event in [events] if isinstance(events, (str, int)) else events:
            self.expect(event in EVENTS, place, f"unknown event {event!r}")
        self.expect(events, place, "no event starts it")
        jobs = content.get("jobs")
        if self.expect(jobs, place, "no jobs") and self.kind(jobs, dict, f"{place}: jobs", "a mapping"):
            for name, job in jobs.items():
                self.job(job, f"{place}: {name}", set(jobs))

    def job(self, job, place, jobs):
        if not self.keys(job, JOB, place):
            return
        combinations = self.matrix(job.get("strategy", {}), place)
        needs = job.get("needs", [])
        for needed in [needs] if isinstance(needs, str) else needs:
            self.expect(needed in jobs, place, f"needs the job {needed!r}, which is not there")
        for values in combinations:
            machine = self.filled(str(job.get("runs-on", "")), values, place)
            self.expect(MACHINE.fullmatch(machine), place, f"runs on {machine!r}, which is no hosted machine")
        if self.expect(isinstance(job.get("steps"), list) and job["steps"], place, "no steps"):
            for number, step in enumerate(job["steps"], 1):
                self.step(step, f"{place}: step {number}", combinations)

    def matrix(self, strategy, place):
        """All the sets of values that the job runs with; none where they cannot be told, since that is one mistake and no more."""
        if not self.keys(strategy, STRATEGY, f"{place}: strategy"):
            return []
        place += ": matrix"
        if not self.kind(strategy.get("matrix", {}), dict, place, "a mapping"):
            return []
        matrix = dict(strategy.get("matrix", {}))
        for name, values in matrix.items():
            if not self.kind(values, list, f"{place}: {name}", "a list"):
                return []
        included = matrix.pop("include", [])
        for each in included:
            if not self.kind(each, dict, f"{place}: include", "a list of mappings"):
                return []
        combinations = [{}]
        for name, values in matrix.items():
            combinations = [{**before, name: value} for before in combinations for value in values]
        return included if included and not matrix else combinations + [{**combinations[0], **more} for more in included]

    def filled(self, text, values, place):
        def value(match):
            name = match.group(1).removeprefix("matrix.")
            known = match.group(1).startswith("matrix.") and name in values
            self.expect(known, place, f"{match.group(0)} has no value here")
            return str(values.get(name, ""))

        return EXPRESSION.sub(value, text)

    def step(self, step, place, combinations):
        if not self.keys(step, STEP, place):
            return
        self.expect(("uses" in step) != ("run" in step), place, "either `uses` or `run` is expected")
        if "uses" in step:
            self.expect(ACTION.fullmatch(str(step["uses"])), place, f"{step['uses']!r} is no action with a version")
        if not self.kind(step.get("with", {}), dict, f"{place}: with", "a mapping"):
            return
        if not self.kind(step.get("run", ""), str, f"{place}: run", "text"):
            return
        for values in combinations:
            for text in step.get("with", {}).values():
                self.filled(str(text), values, place)
            for line in step.get("run", "").splitlines():
                self.command(self.words(self.filled(line, values, place), place), place)

    def command(self, words, place):
        if not words:
            return
        program, arguments = words[0], words[1:]
        if program.startswith("ci/"):
            file = ROOT / program
            if self.expect(file.is_file() and file.stat().st_mode & 0o111, place, f"there is no command {program}"):
                self.arguments_of(program, arguments, place)
        elif program.startswith("bazel-bin/"):  # built by a step before
            built = pathlib.PurePosixPath(program).relative_to("bazel-bin")
            rules = ROOT / built.parent / "BUILD"
            is_built = self.expect(rules.is_file() and f'name = "{built.stem}"' in rules.read_text(), place, f"nothing builds {program}")
            if is_built and built.stem == "conform":
                self.arguments_of("ci/conform", arguments, place)
        else:
            self.expect(program in PROGRAMS, place, f"{program!r} is neither in ci/ nor on every hosted machine")
        if program == "bazel":
            self.bazel(arguments, place)
        for word in arguments:
            for part in self.words(word, place):
                if "/" in part and not part.startswith(("//", "out/", "-")):
                    self.expect((ROOT / part).exists(), place, f"there is no file {part}")

    def arguments_of(self, program, arguments, place):
        if program == "ci/conform":
            options = "".join(path.read_text() for path in (ROOT / "conformance/harness").glob("*options*.cc"))
            known = {word for word in arguments if not word.startswith("--") or f'"{word}"' in options}
        elif program == "ci/test":
            steps = re.search(r"default_steps=\((.*?)\)\nall_steps=\(\S+ (.*?)\)", (ROOT / program).read_text())
            known = set(" ".join(steps.groups()).split()) | {"--quick"}
        else:
            known = set(re.findall(r"--\w+", (ROOT / program).read_text()))
        for word in arguments:
            self.expect(word in known, place, f"{program} knows no {word}")

    def bazel(self, arguments, place):
        configurations = (ROOT / ".bazelrc").read_text()
        for word in arguments[1:]:
            if word.startswith("--config="):
                name = word.removeprefix("--config=")
                self.expect(f"\nbuild:{name} " in configurations, place, f".bazelrc has no {word}")
            elif word.removeprefix("-").startswith("//"):  # a target with a dash in front is left out
                folder = ROOT / word.removeprefix("-").removeprefix("//").split(":")[0].removesuffix("...")
                self.expect((folder / "BUILD").is_file(), place, f"{word} is no package")


def main():
    checker = Checker()
    paths = sorted((ROOT / ".github/workflows").glob("*.yml"))
    checker.expect(paths, ".github/workflows", "no workflow")
    for path in paths:
        checker.workflow(path)
    print("\n".join(checker.errors) or f"{len(paths)} workflows are well-formed")
    return 1 if checker.errors else 0


if __name__ == "__main__":
    sys.exit(main())
