// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.kit.nal;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;

class NalFuzz {
    @FuzzTest(maxDuration = "1m")
    void parameterSets(byte[] data) {
        new AvcParameterSets().offer(ByteBuffer.wrap(data), 0, data.length);
        new HevcParameterSets().offer(ByteBuffer.wrap(data), 0, data.length);
        try {
            HevcSps.parse(data).codecString();
        } catch (NalException refused) {
            // As it should be.
        }
        try {
            H264Sps.parse(data);
        } catch (NalException refused) {
            // As it should be.
        }
    }

    @FuzzTest(maxDuration = "1m")
    void configurations(byte[] data) {
        try {
            AvcConfig.parse(data).toBytes();
        } catch (NalException refused) {
            // As it should be.
        }
        try {
            HevcConfig.parse(data).toBytes();
        } catch (NalException refused) {
            // As it should be.
        }
        try {
            AudioSpecificConfig.parse(data).toBytes();
        } catch (NalException refused) {
            // As it should be.
        }
    }
}
