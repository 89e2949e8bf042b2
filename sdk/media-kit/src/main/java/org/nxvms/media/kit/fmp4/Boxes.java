// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.kit.fmp4;

import java.nio.ByteBuffer;
import java.util.UUID;

/** Box types and the little that every box shares (ISO/IEC 14496-12 4.2). */
final class Boxes {
    static final int FTYP = type("ftyp");
    static final int MOOV = type("moov");
    static final int MVHD = type("mvhd");
    static final int MVEX = type("mvex");
    static final int TREX = type("trex");
    static final int TRAK = type("trak");
    static final int TKHD = type("tkhd");
    static final int MDIA = type("mdia");
    static final int MDHD = type("mdhd");
    static final int HDLR = type("hdlr");
    static final int MINF = type("minf");
    static final int STBL = type("stbl");
    static final int STSD = type("stsd");
    static final int MOOF = type("moof");
    static final int MFHD = type("mfhd");
    static final int TRAF = type("traf");
    static final int TFHD = type("tfhd");
    static final int TFDT = type("tfdt");
    static final int TRUN = type("trun");
    static final int MDAT = type("mdat");
    static final int PRFT = type("prft");
    static final int UUID_BOX = type("uuid");
    static final int MFRA = type("mfra");
    static final int TFRA = type("tfra");
    static final int MFRO = type("mfro");
    static final int FREE = type("free");

    /** Sample flags: depends on no other sample, is a sync sample. */
    static final int FLAGS_SYNC = 0x0200_0000;
    /** Sample flags: depends on others, is not a sync sample. */
    static final int FLAGS_NON_SYNC = 0x0101_0000;

    private Boxes() {}

    static int type(String name) {
        return name.charAt(0) << 24 | name.charAt(1) << 16 | name.charAt(2) << 8 | name.charAt(3);
    }

    /** A box type for people: its four letters, other characters as dots. */
    static String name(int type) {
        StringBuilder name = new StringBuilder(4);
        for (int shift = 24; shift >= 0; shift -= 8) {
            int c = type >> shift & 0xFF;
            name.append(c >= 32 && c < 127 ? (char) c : '.');
        }
        return name.toString();
    }

    /** Starts a box; {@return its position, for {@link #end}}. */
    static int begin(ByteBuffer out, int type) {
        int start = out.position();
        out.putInt(0).putInt(type);
        return start;
    }

    static int beginFull(ByteBuffer out, int type, int version, int flags) {
        int start = begin(out, type);
        out.putInt(version << 24 | flags);
        return start;
    }

    static void end(ByteBuffer out, int start) {
        out.putInt(start, out.position() - start);
    }

    static void putUuid(ByteBuffer out, UUID uuid) {
        out.putLong(uuid.getMostSignificantBits()).putLong(uuid.getLeastSignificantBits());
    }

    static UUID getUuid(ByteBuffer in) {
        return new UUID(in.getLong(), in.getLong());
    }
}
