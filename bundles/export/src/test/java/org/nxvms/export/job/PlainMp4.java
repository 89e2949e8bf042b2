// SPDX-License-Identifier: Apache-2.0
package org.nxvms.export.job;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.nxvms.media.kit.fmp4.FragmentHeader;
import org.nxvms.media.kit.fmp4.InitReader;
import org.nxvms.media.kit.fmp4.SampleTable;

/** Reads an MP4 of one track as a player does: box by box, nothing but its own times. */
final class PlainMp4 {
    /**
     * A picture.
     *
     * @param timeUs in the file
     * @param payload its bytes
     */
    record Picture(long timeUs, boolean key, ByteBuffer payload) {
        /** {@return when it was taken, which its bytes say} */
        long takenUs() {
            return payload.getLong(5) + payload.get(13) * 40_000L;
        }
    }

    private PlainMp4() {}

    static List<Picture> pictures(byte[] file) throws Exception {
        ByteBuffer in = ByteBuffer.wrap(file);
        InitReader.Init init = InitReader.read(in.duplicate());
        int rate = init.format().tracks().get(0).clockRate();
        List<Picture> pictures = new ArrayList<>();
        int number = 0;
        for (int at = init.bytes(); at < file.length; at += in.getInt(at)) {
            byte[] type = new byte[4];
            in.get(at + 4, type);
            if (!new String(type, StandardCharsets.US_ASCII).equals("moof")) {
                continue;
            }
            FragmentHeader header = FragmentHeader.parse(in.slice(at, in.getInt(at)));
            if (header.sequence() != ++number) {
                throw new AssertionError("fragment " + header.sequence() + " where " + number + " should be");
            }
            SampleTable table = header.track(0).orElseThrow();
            for (int i = 0; i < table.count(); i++) {
                pictures.add(new Picture(
                        table.presentationTime()[i] * 1_000_000 / rate,
                        table.key()[i],
                        in.slice(at + (int) table.offset()[i], table.size()[i])));
            }
        }
        return pictures;
    }
}
