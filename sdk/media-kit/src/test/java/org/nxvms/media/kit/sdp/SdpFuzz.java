// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.kit.sdp;

import com.code_intelligence.jazzer.junit.FuzzTest;

class SdpFuzz {
    @FuzzTest(maxDuration = "1m")
    void description(byte[] data) {
        try {
            for (MediaSection section : SessionDescription.parse(data).media()) {
                section.frameRate();
                section.control();
                section.rtpMap().ifPresent(map -> {
                    section.config(map.type());
                    section.formatNumber(map.type(), "sizelength", 13);
                });
            }
        } catch (SdpException refused) {
            // As it should be.
        }
    }
}
