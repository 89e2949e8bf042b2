// SPDX-License-Identifier: Apache-2.0
/**
 * Does: the frames that travel between server and child process over the child's standard input and output: framed, versioned,
 * bounded. Does not: know processes, FFmpeg or the stream hub; both sides load these classes. Start reading at
 * {@link org.nxvms.media.worker.wire.FrameType}.
 */
package org.nxvms.media.worker.wire;
