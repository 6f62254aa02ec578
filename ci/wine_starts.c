/* Does CreateProcess fail without a reason? On Windows it never does; under Wine 8.0, on a busy machine, one start in some
   thousands ends with error 1359 (ERROR_INTERNAL_ERROR), and 4 of 7365 tests of a run of the suite with --repeat 5 were
   "unresolved" by it. This program has nothing of this project in it, and shows the same:

     x86_64-w64-mingw32-gcc -static -o starts.exe ci/wine_starts.c && ci/wine starts.exe 10000

   It starts itself so many times, from eight threads, and ends with status 1 if a start failed. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <windows.h>

enum { kThreads = 8 };

static char own_name[MAX_PATH];
static volatile LONG left, failed;

static DWORD WINAPI start_many(void* unused) {
  (void)unused;
  while (InterlockedDecrement(&left) >= 0) {
    char line[] = "starts child";
    STARTUPINFOA how = {.cb = sizeof how};
    PROCESS_INFORMATION child;
    if (!CreateProcessA(own_name, line, NULL, NULL, FALSE, 0, NULL, NULL, &how, &child)) {
      printf("CreateProcess: error %lu\n", GetLastError());
      fflush(stdout);
      InterlockedIncrement(&failed);
      continue;
    }
    WaitForSingleObject(child.hProcess, INFINITE);
    CloseHandle(child.hProcess);
    CloseHandle(child.hThread);
  }
  return 0;
}

int main(int argc, char** argv) {
  if (argc > 1 && strcmp(argv[1], "child") == 0) return 0;
  const long all = argc > 1 ? atol(argv[1]) : 0;
  if (all <= 0) {
    fprintf(stderr, "usage: starts NUMBER, how many processes to start\n");
    return 2;
  }
  left = all;
  GetModuleFileNameA(NULL, own_name, sizeof own_name);
  HANDLE threads[kThreads];
  for (int i = 0; i < kThreads; ++i) threads[i] = CreateThread(NULL, 0, start_many, NULL, 0, NULL);
  WaitForMultipleObjects(kThreads, threads, TRUE, INFINITE);
  printf("%ld of %ld starts failed\n", failed, all);
  return failed != 0;
}
