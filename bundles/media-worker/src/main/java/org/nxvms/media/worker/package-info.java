// SPDX-License-Identifier: Apache-2.0
/**
 * Does: start, watch and end child processes that run FFmpeg, and carry frames between them and whoever asked. Does not: load
 * FFmpeg into the server, write into the stream hub, decide when a source is tried again. Start reading at
 * {@link org.nxvms.media.worker.FfmpegWorker}, then {@link org.nxvms.media.worker.Child}; what runs in the process is
 * {@code WorkerMain} in the package {@code child}.
 */
package org.nxvms.media.worker;
