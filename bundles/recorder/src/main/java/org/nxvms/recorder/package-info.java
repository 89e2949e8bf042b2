// SPDX-License-Identifier: Apache-2.0
/**
 * Does: follows wished streams in the hub and writes them as fragments into the archive; says why when it cannot. Does
 * not: fetch streams, know files or volumes. Start reading at {@link org.nxvms.recorder.StreamRecording}.
 */
package org.nxvms.recorder;
