// SPDX-License-Identifier: Apache-2.0
package org.nxvms.gapfill.footage;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.nxvms.media.Codec;

/**
 * Tells whether two pictures are the same: by what is coded in them (H.264 7.4.1, H.265 7.4.2.2: VCL NAL units), and not by
 * parameter sets, delimiters and messages beside it, which differ by the way on which a picture came.
 */
public final class PictureHash {
    private static final int H264_SLICES_MAX = 5;
    private static final int H265_SLICES_MAX = 31;

    private PictureHash() {}

    /** {@return lower-case hex; the same for the same picture} */
    public static String of(Codec codec, ByteBuffer picture) {
        MessageDigest digest = sha256();
        ByteBuffer in = picture.duplicate();
        while (in.remaining() > Integer.BYTES) {
            int length = in.getInt();
            if (length < 1 || length > in.remaining()) {
                // Not framed as it should be: then only the very same bytes are the same picture.
                digest.update(picture.duplicate());
                break;
            }
            if (isSlice(codec, in.get(in.position()))) {
                digest.update(in.slice(in.position(), length));
            }
            in.position(in.position() + length);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static boolean isSlice(Codec codec, byte header) {
        if (codec == Codec.HEVC) {
            return (header >> 1 & 0x3F) <= H265_SLICES_MAX;
        }
        int type = header & 0x1F;
        return codec != Codec.H264 || type >= 1 && type <= H264_SLICES_MAX;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }
}
