// What becomes of a testee whose guard is killed.
#include <gtest/gtest.h>
#include <windows.h>
//
#include <tlhelp32.h>

#include <cstdint>
#include <cstdlib>

#include "conformance/harness/cannot_run.h"
#include "conformance/harness/job_object_windows.h"
#include "conformance/harness/launcher.h"

namespace mp::conformance {
namespace {

DWORD parent_of(std::int64_t pid) {
  const OwnedHandle all(::CreateToolhelp32Snapshot(TH32CS_SNAPPROCESS, 0));
  PROCESSENTRY32W entry{};
  entry.dwSize = sizeof entry;
  for (BOOL more = ::Process32FirstW(all.get(), &entry); more; more = ::Process32NextW(all.get(), &entry)) {
    if (entry.th32ProcessID == pid) return entry.th32ParentProcessID;
  }
  return 0;
}

OwnedHandle opened(DWORD pid) { return OwnedHandle(::OpenProcess(PROCESS_TERMINATE | SYNCHRONIZE, FALSE, pid)); }

class GuardKilled : public testing::Test {
 protected:
  void SetUp() override {
    launcher_.start({std::getenv("OBEDIENT_TESTEE"), "sleep", "1000000"}, {});
    main_ = opened(static_cast<DWORD>(launcher_.main_pid()));
    const OwnedHandle guard = opened(parent_of(launcher_.main_pid()));
    ASSERT_TRUE(main_ && guard);
    ASSERT_TRUE(::TerminateProcess(guard.get(), 1));
    ASSERT_EQ(::WaitForSingleObject(guard.get(), INFINITE), WAIT_OBJECT_0);
  }

  Launcher launcher_;
  OwnedHandle main_;
};

TEST_F(GuardKilled, AsksNobody) { EXPECT_THROW(launcher_.look(launcher_.main_pid()), CannotRun); }

TEST_F(GuardKilled, LeavesNoTestee) { EXPECT_EQ(::WaitForSingleObject(main_.get(), INFINITE), WAIT_OBJECT_0); }

}  // namespace
}  // namespace mp::conformance
