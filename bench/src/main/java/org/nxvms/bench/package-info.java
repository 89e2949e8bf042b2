// SPDX-License-Identifier: Apache-2.0
/**
 * Benchmarks of the whole server.
 *
 * <p>Does: runs server, floor and peer side by side on the same cameras and prints ratios; the last line
 * is one JSON object. Does not: judge, run in tests. Start reading at {@link org.nxvms.bench.Bench}.
 */
package org.nxvms.bench;
