// SPDX-License-Identifier: Apache-2.0
/**
 * Does: the child process: opens one source, or makes stills, with FFmpeg. Runs on a plain class path with a small heap; ends when
 * its standard input does, so it never outlives the server. Does not: get loaded by the server, decide when to try again,
 * trust what it reads. Start reading at {@link org.nxvms.media.worker.child.WorkerMain}.
 */
package org.nxvms.media.worker.child;
