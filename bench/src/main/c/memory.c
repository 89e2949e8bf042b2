// SPDX-License-Identifier: Apache-2.0
// Touches memory that nobody has used, and gives it back:
//
//   memory MIB
//
// In a virtual machine the first touch of a page is a fault of the host, several times as dear as writing the page. Whoever
// writes files of a new length pays for it, by chance; a machine that has been up for a day has paid.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { PAGE_BYTES = 4096, MIB = 1 << 20 };

int main(int argc, char **argv) {
  size_t bytes = argc == 2 ? (size_t)atol(argv[1]) * MIB : 0;
  if (bytes == 0) {
    fprintf(stderr, "usage: memory MIB\n");
    return 2;
  }
  char *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) {
    perror("memory");
    return 1;
  }
  for (size_t at = 0; at < bytes; at += PAGE_BYTES) memory[at] = 1;
  return 0;
}
