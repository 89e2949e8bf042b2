// SPDX-License-Identifier: Apache-2.0
package org.nxvms.export.pack;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;
import org.nxvms.export.pack.StoredZip.Entry;

/** The records of a ZIP with stored entries (APPNOTE 6.3.10, 4.3): no compression, sizes in front, no data descriptors. */
public final class ZipHeaders {
    public static final int LOCAL = 0x04034b50;
    public static final int CENTRAL = 0x02014b50;
    private static final int END = 0x06054b50;
    private static final int END64 = 0x06064b50;
    private static final int LOCATOR64 = 0x07064b50;

    public static final int LOCAL_BYTES = 30;
    private static final int CENTRAL_BYTES = 46;
    public static final int NAME_BYTES_MAX = 200;

    /** Of a file within: so that its sizes need no extension, which not every program reads. */
    public static final long FILE_BYTES_MAX = 0xFFFF_FFFEL;

    private static final int VERSION = 20;
    private static final int VERSION_64 = 45;
    private static final int UTF8 = 1 << 11;
    private static final int ENCRYPTED = 1;
    /** In place of a method: AES as WinZip has it. */
    private static final int METHOD_AES = 99;

    private static final long MARK_32 = 0xFFFF_FFFFL;
    private static final int ENTRIES_16 = 0xFFFF;

    private ZipHeaders() {}

    /** {@return a local header whose CRC and sizes are these} */
    public static ByteBuffer local(String name, Instant when, long crc, long bytes) {
        byte[] text = name.getBytes(StandardCharsets.UTF_8);
        ByteBuffer out = little(LOCAL_BYTES + text.length);
        out.putInt(LOCAL).putShort((short) VERSION).putShort((short) UTF8).putShort((short) 0);
        time(out, when);
        out.putInt((int) crc).putInt((int) bytes).putInt((int) bytes);
        return out.putShort((short) text.length).putShort((short) 0).put(text).flip();
    }

    /**
     * {@return whether a local header is written as ours are, whatever it describes}
     *
     * @param header from its first byte, little-endian
     */
    public static boolean isOurs(ByteBuffer header) {
        return header.getShort(4) == VERSION
                && header.getShort(6) == UTF8
                && header.getShort(8) == 0
                && header.getShort(28) == 0;
    }

    /** {@return whether what a local header describes is locked with a password} */
    public static boolean isLocked(ByteBuffer header) {
        return (header.getShort(6) & ENCRYPTED) != 0 || header.getShort(8) == METHOD_AES;
    }

    /** {@return the directory behind the entries, with its end} */
    public static ByteBuffer directory(List<Entry> entries, Instant when, long at) {
        ByteBuffer out = little(entries.size() * (CENTRAL_BYTES + NAME_BYTES_MAX + 12) + 56 + 20 + 22);
        for (Entry entry : entries) {
            central(out, entry, when);
        }
        long bytes = out.position();
        boolean wide = at >= MARK_32 || entries.size() >= ENTRIES_16;
        if (wide) {
            long end64 = at + bytes;
            out.putInt(END64).putLong(44).putShort((short) VERSION_64).putShort((short) VERSION_64);
            out.putInt(0)
                    .putInt(0)
                    .putLong(entries.size())
                    .putLong(entries.size())
                    .putLong(bytes)
                    .putLong(at);
            out.putInt(LOCATOR64).putInt(0).putLong(end64).putInt(1);
        }
        short count = (short) (wide ? ENTRIES_16 : entries.size());
        out.putInt(END).putShort((short) 0).putShort((short) 0).putShort(count).putShort(count);
        out.putInt((int) bytes).putInt((int) (wide ? MARK_32 : at)).putShort((short) 0);
        return out.flip();
    }

    private static void central(ByteBuffer out, Entry entry, Instant when) {
        byte[] text = entry.name().getBytes(StandardCharsets.UTF_8);
        boolean wide = entry.at() >= MARK_32;
        short version = (short) (wide ? VERSION_64 : VERSION);
        out.putInt(CENTRAL)
                .putShort(version)
                .putShort(version)
                .putShort((short) UTF8)
                .putShort((short) 0);
        time(out, when);
        out.putInt((int) entry.crc()).putInt((int) entry.bytes()).putInt((int) entry.bytes());
        out.putShort((short) text.length).putShort((short) (wide ? 12 : 0)).putShort((short) 0);
        out.putShort((short) 0).putShort((short) 0).putInt(0).putInt((int) (wide ? MARK_32 : entry.at()));
        out.put(text);
        if (wide) {
            out.putShort((short) 1).putShort((short) 8).putLong(entry.at());
        }
    }

    /**
     * {@return the time in a local header}
     *
     * @param header from its first byte, little-endian
     * @throws DateTimeException when it is none
     */
    public static Instant time(ByteBuffer header) {
        int time = header.getShort(10) & 0xFFFF;
        int date = header.getShort(12) & 0xFFFF;
        return LocalDateTime.of(
                        1980 + (date >> 9), date >> 5 & 15, date & 31, time >> 11, time >> 5 & 63, (time & 31) * 2)
                .toInstant(ZoneOffset.UTC);
    }

    /** {@return a time as a header can hold it} */
    public static Instant stored(Instant when) {
        return time(local("", when, 0, 0));
    }

    /** MS-DOS date and time, of which a ZIP knows no zone: UTC. */
    private static void time(ByteBuffer out, Instant when) {
        ZonedDateTime utc = when.atZone(ZoneOffset.UTC);
        int year = Math.max(0, Math.min(127, utc.getYear() - 1980));
        out.putShort((short) (utc.getHour() << 11 | utc.getMinute() << 5 | utc.getSecond() / 2));
        out.putShort((short) (year << 9 | utc.getMonthValue() << 5 | utc.getDayOfMonth()));
    }

    private static ByteBuffer little(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
