// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.rtsp;

/** Whether a camera sends ONVIF metadata, a document a second, beside its pictures. */
public enum Metadata {
    NONE,
    /** It could; its streams carry none until somebody puts it into them ({@link SceneData}). */
    OFFERED,
    /** Both streams carry it from the start on, with objects in it. */
    CARRIED
}
