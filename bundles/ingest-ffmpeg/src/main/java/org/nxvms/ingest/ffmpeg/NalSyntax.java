// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.ffmpeg;

/** What of a NAL unit's header matters here (ITU-T H.264 table 7-1, H.265 table 7-1). */
enum NalSyntax {
    H264 {
        @Override
        int type(int header) {
            return header & 0x1F;
        }

        @Override
        boolean isPicture(int type) {
            return type >= 1 && type <= 5;
        }

        @Override
        boolean isKey(int type) {
            return type == 5;
        }

        @Override
        boolean isParameterSet(int type) {
            return type == 7 || type == 8;
        }

        @Override
        boolean isNoise(int type) {
            return type == 9 || type == 12;
        }
    },
    HEVC {
        @Override
        int type(int header) {
            return header >> 1 & 0x3F;
        }

        @Override
        boolean isPicture(int type) {
            return type <= 31;
        }

        /** IDR, CRA and BLA: what cannot be decoded in front of them is not shown (ITU-T H.265 8.1.3). */
        @Override
        boolean isKey(int type) {
            return type >= 16 && type <= 21;
        }

        @Override
        boolean isParameterSet(int type) {
            return type >= 32 && type <= 34;
        }

        @Override
        boolean isNoise(int type) {
            return type == 35 || type == 38;
        }
    };

    /** @param header first byte of the NAL unit */
    abstract int type(int header);

    abstract boolean isPicture(int type);

    abstract boolean isKey(int type);

    abstract boolean isParameterSet(int type);

    /** {@return whether it says nothing that a file needs: access unit delimiters, filler} */
    abstract boolean isNoise(int type);
}
