// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.ws;

import java.nio.ByteBuffer;
import java.util.UUID;
import org.nxvms.media.StreamId;
import org.nxvms.media.kit.live.LiveFormat;
import org.nxvms.platform.api.rendition.RenditionRefusedException;
import org.nxvms.platform.api.security.RequestCredentials;

/**
 * One viewer's place in a stream. Sends from the shared log as fast as the socket takes it; a viewer that
 * falls out of the log jumps to the newest key frame once its socket has drained, and is told. State belongs
 * to the pump's thread; only the two wishes are set by socket threads.
 */
final class Viewer {
    /** Handed to the socket at once; the rest waits in the log, which all viewers share. */
    static final long WINDOW_BYTES = 512 << 10;
    /** Of what one client may have on the way, each of its viewers has at least this much. */
    static final long SHARE_BYTES_MIN = 16 << 10;
    /** A slow viewer begins again when no more than this is on the way. */
    static final long DRAINED_BYTES = 64 << 10;
    /** A stream without new key frame is changed to all the same, at its newest one. */
    static final long SWITCH_MS_MAX = 3_000;

    private final boolean sound;
    private final UUID userId;
    private final RequestCredentials credentials;
    private final Outlet outlet;

    private volatile StreamId wishedStream;
    private volatile boolean wishedPause;

    private Feed feed;
    private long cursor = FragmentLog.NONE;
    private LiveFormat sentFormat;
    private boolean lagging;
    private boolean paused;
    private Feed next;
    private long nextFrom;
    private long nextSinceMs;
    private String toldWaiting = "";
    private long checkedMs;
    private long pingedMs;
    private long guardAbsentSinceMs = Long.MIN_VALUE;
    private long skippedTotal;

    Viewer(StreamId stream, boolean sound, UUID userId, RequestCredentials credentials, Outlet outlet) {
        this.sound = sound;
        this.wishedStream = stream;
        this.userId = userId;
        this.credentials = credentials;
        this.outlet = outlet;
    }

    UUID cameraId() {
        return wishedStream.cameraId();
    }

    /** {@return whether it gets the sound too} */
    boolean hears() {
        return sound;
    }

    UUID userId() {
        return userId;
    }

    RequestCredentials credentials() {
        return credentials;
    }

    Outlet outlet() {
        return outlet;
    }

    /** Any thread. */
    void wishStream(StreamId stream) {
        wishedStream = stream;
    }

    /** Any thread. */
    void wishPause(boolean pause) {
        wishedPause = pause;
    }

    /** {@return access units jumped over because this viewer was slow} */
    long skippedTotal() {
        return skippedTotal;
    }

    /** {@return the feed it wants to see, null before the first tick and when there is no memory for it} */
    Feed wanted() {
        return next != null ? next : feed;
    }

    /** One tick: wishes first, then what can be sent. */
    void advance(Feeds feeds, long windowBytes, long nowMs) {
        wishes(feeds, nowMs);
        Feed shown = feed;
        if (shown == null) {
            return;
        }
        if (wanted().isBroken()) {
            outlet.close(CloseCode.TRY_AGAIN, LivePump.STUMBLED);
            return;
        }
        if (!shown.refusal().isEmpty() && next == null) {
            outlet.close(CloseCode.NOT_PLAYABLE, shown.refusal());
            return;
        }
        if (paused || !outlet.isOpen()) {
            return;
        }
        send(shown, windowBytes);
    }

    /** {@return whether something waits to be sent, or to be changed to, whether or not anything new comes} */
    boolean behind() {
        return outlet.isOpen()
                && !paused
                && feed != null
                && (next != null
                        || cursor != FragmentLog.NONE && cursor < feed.log().head());
    }

    /** Gives its feeds back. */
    void leave(long nowMs) {
        if (feed != null) {
            feed.leave(nowMs);
            feed = null;
        }
        if (next != null) {
            next.leave(nowMs);
            next = null;
        }
    }

    private void wishes(Feeds feeds, long nowMs) {
        StreamId wished = wishedStream;
        if (feed == null) {
            feed = join(feeds, wished);
        } else if (next != null ? !next.stream().equals(wished) : !feed.stream().equals(wished)) {
            if (next != null) {
                next.leave(nowMs);
                next = null;
            }
            if (!feed.stream().equals(wished)) {
                next = join(feeds, wished);
                if (next == null) {
                    return;
                }
                nextFrom = next.log().head();
                nextSinceMs = nowMs;
            }
        }
        if (next != null) {
            changeStream(nowMs);
        }
        if (paused != wishedPause) {
            paused = wishedPause;
            if (!paused) {
                cursor = FragmentLog.NONE;
                lagging = false;
            }
        }
    }

    private Feed join(Feeds feeds, StreamId wished) {
        try {
            Feed joined = feeds.join(new Feeds.Key(wished, sound), userId()).orElse(null);
            if (joined == null) {
                outlet.close(
                        CloseCode.TRY_AGAIN,
                        "the memory of live view is used up: watch fewer cameras, or raise memoryMebibytesMax");
            }
            return joined;
        } catch (RenditionRefusedException e) {
            outlet.close(e.retryAfterSeconds() == 0 ? CloseCode.BAD_MESSAGE : CloseCode.TRY_AGAIN, e.getMessage());
            return null;
        }
    }

    private void changeStream(long nowMs) {
        long key = next.log().newestKey();
        boolean soonEnough = key >= nextFrom || nowMs - nextSinceMs >= SWITCH_MS_MAX;
        if (next.refusal().isEmpty() && (key == FragmentLog.NONE || !soonEnough)) {
            return;
        }
        feed.leave(nowMs);
        feed = next;
        next = null;
        cursor = key;
        lagging = false;
        toldWaiting = "";
    }

    private void send(Feed shown, long windowBytes) {
        FragmentLog log = shown.log();
        if (cursor == FragmentLog.NONE) {
            cursor = log.newestKey();
            if (cursor == FragmentLog.NONE) {
                return;
            }
        }
        if (cursor < log.tail()) {
            lagging = true;
        }
        long share = Math.max(SHARE_BYTES_MIN, windowBytes / outlet.sharers());
        if (lagging && !catchUp(log)) {
            return;
        }
        while (cursor < log.head() && outlet.pendingBytes() < share) {
            Fragment fragment = log.get(cursor++);
            if (fragment.format() != sentFormat) {
                sentFormat = fragment.format();
                outlet.say(Messages.init(sentFormat, shown.stream().name(), shown.number()));
                outlet.media(initialisation(sentFormat, shown.number()));
            }
            outlet.media(fragment.media());
        }
    }

    private static Media initialisation(LiveFormat format, int feed) {
        ByteBuffer init = format.init();
        ByteBuffer room = ByteBuffer.allocate(Media.NUMBER_BYTES + init.remaining());
        return Media.of(feed, room.position(Media.NUMBER_BYTES).put(init).flip());
    }

    private boolean catchUp(FragmentLog log) {
        long key = log.newestKey();
        if (key < cursor || outlet.pendingBytes() > DRAINED_BYTES / outlet.sharers()) {
            return false;
        }
        skippedTotal += key - cursor;
        outlet.say(Messages.drop(key - cursor));
        cursor = key;
        lagging = false;
        return true;
    }

    /** Tells that nothing arrives, once for each cause. */
    void tellWaiting(String cause, String detail) {
        String told = cause + "\n" + detail;
        if (!told.equals(toldWaiting)) {
            toldWaiting = told;
            outlet.say(Messages.waiting(cause, detail));
        }
    }

    void notWaiting() {
        toldWaiting = "";
    }

    /** {@return whether it is time for a ping; it then counts as sent} */
    boolean pingDue(long everyMs, long nowMs) {
        if (nowMs - pingedMs < everyMs) {
            return false;
        }
        pingedMs = nowMs;
        return true;
    }

    /** {@return whether it is time to ask the guard again; it then counts as asked} */
    boolean checkDue(long everyMs, long nowMs) {
        if (nowMs - checkedMs < everyMs) {
            return false;
        }
        checkedMs = nowMs;
        return true;
    }

    /** Starts the clocks of ping and check: both were just done by the upgrade. */
    void begun(long nowMs) {
        pingedMs = nowMs;
        checkedMs = nowMs;
    }

    void guardPresent() {
        guardAbsentSinceMs = Long.MIN_VALUE;
    }

    /** {@return for how long the guard could not be asked} */
    long guardAbsentMs(long nowMs) {
        if (guardAbsentSinceMs == Long.MIN_VALUE) {
            guardAbsentSinceMs = nowMs;
        }
        return nowMs - guardAbsentSinceMs;
    }
}
