// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.rtsp;

/** What a camera's microphone is coded with. */
public enum AudioCodec {
    NONE,
    AAC,
    PCMU,
    PCMA
}
