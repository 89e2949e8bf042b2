// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.ffmpeg;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;
import org.nxvms.ingest.kit.Failure;
import org.nxvms.media.StreamFormat;
import org.nxvms.media.TrackFormat;
import org.nxvms.media.kit.nal.NalException;
import org.nxvms.media.kit.nal.TrackFormats;
import org.nxvms.platform.api.ingest.StreamProbe;
import org.nxvms.platform.api.worker.SourceEnd;
import org.nxvms.platform.api.worker.SourceListener;
import org.nxvms.platform.api.worker.SourceRequest;
import org.nxvms.platform.api.worker.SourceSession;
import org.nxvms.platform.api.worker.SourceTrack;

/** One try of a source that ends with a verdict at the first key frame, or within its time, whatever the other side does. */
final class Probe implements SourceListener {
    private final long beganNs = System.nanoTime();
    private final CompletableFuture<StreamProbe> verdict = new CompletableFuture<>();
    private final CompletableFuture<Failure> failure = new CompletableFuture<>();
    private Optional<Pictures> pictures = Optional.empty();
    private Optional<Sound> sound = Optional.empty();
    private double frameRate;
    private volatile boolean open;

    /** Blocks up to {@code timeoutMs}. */
    StreamProbe run(Control control, SourceRequest request, long timeoutMs) throws DriverException {
        SourceSession session = control.open(request, this)
                .orElseThrow(() ->
                        new DriverException(Kind.BUSY, "the media worker does not run on this server at the moment"));
        try {
            CompletableFuture.anyOf(verdict, failure).get(timeoutMs, TimeUnit.MILLISECONDS);
            if (failure.isDone() && !verdict.isDone()) {
                throw failure.join().exception();
            }
            return verdict.join();
        } catch (TimeoutException late) {
            throw new DriverException(
                    Kind.UNREACHABLE,
                    open
                            ? "the source is open but sent no key frame in time"
                            : "the source could not be opened in time; check the address",
                    late);
        } catch (ExecutionException impossible) {
            throw new DriverException(Kind.PROTOCOL, "internal fault: " + impossible.getCause(), impossible);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new DriverException(Kind.CLOSED, "the probe was interrupted", stop);
        } finally {
            session.close();
        }
    }

    @Override
    public void opened(List<SourceTrack> tracks) {
        open = true;
        SourceTrack video = tracks.get(0);
        frameRate = video.frameRate();
        pictures = video.video() ? Pictures.of(video) : Optional.empty();
        sound = tracks.size() > 1 ? Sound.of(tracks.get(1)) : Optional.empty();
        if (pictures.isEmpty()) {
            failure.complete(HubFeed.refusal(video));
        }
    }

    @Override
    public void changed(int index, SourceTrack track) {
        if (index == 0) {
            pictures.ifPresent(p -> p.configure(track.configuration()));
        } else {
            sound.ifPresent(s -> s.configure(track.configuration()));
        }
    }

    @Override
    public void unit(int index, int flags, long timestamp, ByteBuffer data) {
        if (index == 1) {
            sound.ifPresent(s -> s.take(data));
        } else if (pictures.isPresent() && pictures.get().take(data, UnitBytes.NOWHERE)) {
            if (pictures.get().key()) {
                keyFrame();
            }
        }
    }

    private void keyFrame() {
        try {
            List<TrackFormat> tracks = new ArrayList<>();
            tracks.add(
                    TrackFormats.withFrameRate(pictures.orElseThrow().format().format(), frameRate));
            sound.flatMap(Sound::format).ifPresent(tracks::add);
            verdict.complete(new StreamProbe(new StreamFormat(tracks), (System.nanoTime() - beganNs) / 1_000_000));
        } catch (NalException | IllegalArgumentException notYet) {
            // The next key frame may come with whole parameter sets.
        }
    }

    @Override
    public void ended(SourceEnd end) {
        failure.complete(Losses.of(end));
    }
}
