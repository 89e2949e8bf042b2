// SPDX-License-Identifier: Apache-2.0
package org.nxvms.gapfill.footage;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.nxvms.media.Codec;
import org.nxvms.media.StreamFormat;
import org.nxvms.media.TrackFormat;
import org.nxvms.media.kit.fmp4.InitReader;
import org.nxvms.media.kit.fmp4.Mp4Exception;
import org.nxvms.media.kit.fmp4.Prft;

/**
 * Fragmented MP4 as drivers write it of a camera's recording: each fragment says in a {@code prft} when its first picture was
 * taken. Read once, from its beginning to its end, one fragment in memory. One thread.
 */
public final class RecordingFile {
    /** Twice what drivers put into one, and a large picture. */
    private static final int FRAGMENT_BYTES_MAX = 32 << 20;

    private static final int MOOV = type("moov");
    private static final int MOOF = type("moof");
    private static final int MDAT = type("mdat");
    private static final int PRFT = type("prft");

    private static final int HEADER_BYTES_MAX = 1 << 20;
    /** Of a fragment, with those of one before. */
    private static final int HEARD_MAX = 4_000;

    private final InputStream in;
    private final Deque<Picture> ready = new ArrayDeque<>();
    private final List<Sound> heard = new ArrayList<>();
    private final StreamFormat format;
    private final TrackFormat video;
    private final OptionalInt soundTrack;

    /** Reads up to the first fragment. */
    public RecordingFile(InputStream in) throws IOException, Mp4Exception {
        this.in = in;
        ByteBuffer init = ByteBuffer.allocate(0);
        while (true) {
            ByteBuffer box = box().orElseThrow(() -> new EOFException("the camera's file ends before its footage"));
            if (init.remaining() + box.remaining() > HEADER_BYTES_MAX) {
                throw new Mp4Exception("a header of more than " + HEADER_BYTES_MAX + " bytes");
            }
            init = joined(init, box);
            if (box.getInt(4) == MOOV) {
                break;
            }
        }
        this.format = InitReader.read(init).format();
        this.video = format.tracks().get(FragmentPictures.track(format));
        if (video.codec() != Codec.H264 && video.codec() != Codec.HEVC) {
            throw new Mp4Exception("pictures as " + video.codec() + " are not put into the archive");
        }
        this.soundTrack = IntStream.range(0, format.tracks().size())
                .filter(i -> format.tracks().get(i).codec().kind() == Codec.Kind.AUDIO)
                .findFirst();
    }

    public TrackFormat video() {
        return video;
    }

    /** {@return the format of its sound} */
    public Optional<TrackFormat> sound() {
        return soundTrack.stream().mapToObj(format.tracks()::get).findFirst();
    }

    /** {@return the sound of what was read since this was asked last, by time} */
    public List<Sound> heard() {
        List<Sound> since = List.copyOf(heard);
        heard.clear();
        return since;
    }

    /** {@return the next picture in the order of decoding; empty at the end} */
    public Optional<Picture> next() throws IOException, Mp4Exception {
        while (ready.isEmpty()) {
            if (!fragment()) {
                return Optional.empty();
            }
        }
        return Optional.of(ready.remove());
    }

    private boolean fragment() throws IOException, Mp4Exception {
        Optional<Long> wallUs = Optional.empty();
        while (true) {
            Optional<ByteBuffer> next = box();
            if (next.isEmpty()) {
                return false;
            }
            ByteBuffer box = next.get();
            if (box.getInt(4) == PRFT) {
                wallUs = Optional.of(Prft.wallUs(box));
            } else if (box.getInt(4) == MOOF) {
                ByteBuffer payload = box().orElseThrow(() -> new EOFException("the camera's file breaks off"));
                if (payload.getInt(4) != MDAT) {
                    throw new Mp4Exception("a fragment without its pictures");
                }
                long startUs =
                        wallUs.orElseThrow(() -> new Mp4Exception("a fragment that does not say when it was recorded"));
                ByteBuffer fragment = joined(box, payload);
                ready.addAll(FragmentPictures.of(format, fragment, startUs));
                if (soundTrack.isPresent()) {
                    heard.addAll(FragmentPictures.sound(format, soundTrack.getAsInt(), fragment, startUs));
                    // Nobody asks while a picture is looked for.
                    heard.subList(0, Math.max(0, heard.size() - HEARD_MAX)).clear();
                }
                return true;
            }
        }
    }

    private Optional<ByteBuffer> box() throws IOException, Mp4Exception {
        byte[] head = in.readNBytes(8);
        if (head.length == 0) {
            return Optional.empty();
        }
        if (head.length < 8) {
            throw new EOFException("the camera's file breaks off");
        }
        int size = ByteBuffer.wrap(head).getInt();
        if (size < 8 || size > FRAGMENT_BYTES_MAX) {
            throw new Mp4Exception("a box of " + Integer.toUnsignedString(size) + " bytes");
        }
        ByteBuffer box = ByteBuffer.allocate(size).put(head);
        int read = in.readNBytes(box.array(), 8, size - 8);
        if (read < size - 8) {
            throw new EOFException("the camera's file breaks off");
        }
        return Optional.of(box.rewind());
    }

    private static ByteBuffer joined(ByteBuffer one, ByteBuffer other) {
        return ByteBuffer.allocate(one.remaining() + other.remaining())
                .put(one.duplicate())
                .put(other.duplicate())
                .flip();
    }

    private static int type(String name) {
        return name.charAt(0) << 24 | name.charAt(1) << 16 | name.charAt(2) << 8 | name.charAt(3);
    }
}
