// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback.thumbnail;

import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.imageio.ImageIO;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;
import org.nxvms.media.StreamId;
import org.nxvms.platform.api.archive.Archive;
import org.nxvms.platform.api.archive.Segment;

/**
 * Sheets of thumbnails: so many moments of a fixed grid in one picture, for players that show them along their time line. Where on
 * a sheet a moment lies follows from the moment alone, so whoever asks for the same stretch shares what was made. Any thread; blocks
 * as {@link Thumbnails} does for each picture, {@link #WAIT_MS} in all at most.
 */
public final class Sheets {
    public static final int COLUMNS = 5;
    public static final int ROWS = 5;
    public static final int CELLS = COLUMNS * ROWS;

    /** A sheet of pictures wider than that is larger than what it is for. */
    public static final int WIDTH_MAX = 320;

    private static final int CACHE_BYTES_MAX = 16 << 20;
    /** Sheets made at once; each holds a thread, while its pictures are made one at a time. */
    private static final int MADE_AT_ONCE_MAX = 4;

    private static final int WAIT_MS = 20_000;

    private final Thumbnails thumbnails;
    private final PictureCache<String> kept = new PictureCache<>(CACHE_BYTES_MAX);
    private final Map<String, CompletableFuture<byte[]>> flights = new ConcurrentHashMap<>();
    private final Semaphore places = new Semaphore(MADE_AT_ONCE_MAX);
    private final int waitMs;

    /**
     * What a sheet shows.
     *
     * @param frames of its cells, row by row; empty where there is no footage
     * @param tag another one when what it shows is another
     */
    public record Plan(List<Optional<KeyFrame>> frames, int width, String tag) {
        public Plan {
            frames = List.copyOf(frames);
        }

        public boolean isEmpty() {
            return frames.stream().allMatch(Optional::isEmpty);
        }

        /** {@return whether it will always be the same} */
        public boolean settled() {
            return frames.stream()
                    .allMatch(frame -> frame.filter(KeyFrame::settled).isPresent());
        }
    }

    public Sheets(Thumbnails thumbnails) {
        this(thumbnails, WAIT_MS);
    }

    /** For tests. */
    Sheets(Thumbnails thumbnails, int waitMs) {
        this.thumbnails = thumbnails;
        this.waitMs = waitMs;
    }

    /** {@return when the sheet begins that shows a moment} */
    public static long begin(long atUs, long stepUs) {
        return Math.floorDiv(atUs, stepUs * CELLS) * stepUs * CELLS;
    }

    /** {@return the height of a cell, in which pictures of other shapes stand with bars} */
    public static int height(int width) {
        return width * 9 / 16;
    }

    /**
     * {@return what the sheet that begins then shows}
     *
     * @param width of a cell
     */
    public Plan plan(Archive archive, StreamId stream, long beginUs, long stepUs, int width) throws IOException {
        List<Optional<KeyFrame>> frames = new ArrayList<>(CELLS);
        StringBuilder all = new StringBuilder().append(width);
        for (int i = 0; i < CELLS; i++) {
            Optional<KeyFrame> frame = frame(archive, stream, beginUs + i * stepUs, stepUs);
            frames.add(frame);
            all.append(' ')
                    .append(frame.map(key -> key.segmentId() + "-" + key.offset())
                            .orElse(""));
        }
        return new Plan(frames, width, hash(all.toString()));
    }

    /** {@return what stands for a stretch: its beginning, or where its footage begins} */
    private Optional<KeyFrame> frame(Archive archive, StreamId stream, long fromUs, long stepUs) throws IOException {
        Optional<KeyFrame> frame = thumbnails.frame(archive, stream, fromUs);
        if (frame.isPresent()) {
            return frame;
        }
        List<Segment> first = archive.segments(stream, fromUs, fromUs + stepUs, 1);
        return first.isEmpty()
                ? Optional.empty()
                : thumbnails.frame(archive, stream, first.get(0).startUs());
    }

    /**
     * Makes a sheet, or finds it. A picture that cannot be made is left out.
     *
     * @param user who asks
     * @throws java.nio.file.NoSuchFileException when footage is gone that the plan was made of
     * @throws DriverException of kind BUSY when too much is to do; what was made of it is kept
     */
    public byte[] make(Archive archive, Thumbnails.Maker maker, Plan plan, UUID user)
            throws IOException, DriverException {
        Optional<byte[]> found = kept.get(plan.tag());
        if (found.isPresent()) {
            return found.get();
        }
        CompletableFuture<byte[]> own = new CompletableFuture<>();
        CompletableFuture<byte[]> others = flights.putIfAbsent(plan.tag(), own);
        if (others != null) {
            return await(others);
        }
        try {
            byte[] sheet = kept.get(plan.tag()).orElse(null);
            if (sheet == null) {
                sheet = makeNow(archive, maker, plan, user);
                kept.put(plan.tag(), sheet);
            }
            own.complete(sheet);
            return sheet;
        } catch (IOException | DriverException | RuntimeException e) {
            own.completeExceptionally(e);
            throw e;
        } finally {
            flights.remove(plan.tag());
        }
    }

    private byte[] makeNow(Archive archive, Thumbnails.Maker maker, Plan plan, UUID user)
            throws IOException, DriverException {
        if (!places.tryAcquire()) {
            throw new DriverException(Kind.BUSY, MADE_AT_ONCE_MAX + " sheets are being made already");
        }
        try {
            long endNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(waitMs);
            int height = height(plan.width());
            BufferedImage sheet = new BufferedImage(COLUMNS * plan.width(), ROWS * height, BufferedImage.TYPE_INT_RGB);
            Graphics2D graphics = sheet.createGraphics();
            try {
                graphics.setRenderingHint(
                        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
                for (int i = 0; i < CELLS; i++) {
                    if (System.nanoTime() - endNs > 0) {
                        throw new DriverException(
                                Kind.BUSY, "the sheet was not made in time, but " + i + " of its pictures");
                    }
                    Optional<BufferedImage> picture = picture(archive, maker, plan, i, user);
                    if (picture.isPresent()) {
                        draw(graphics, picture.get(), i % COLUMNS * plan.width(), i / COLUMNS * height, plan.width());
                    }
                }
            } finally {
                graphics.dispose();
            }
            ByteArrayOutputStream jpeg = new ByteArrayOutputStream(64 << 10);
            // With a cache in memory: ImageIO's own is a file for each picture.
            try (ImageOutputStream out = new MemoryCacheImageOutputStream(jpeg)) {
                if (!ImageIO.write(sheet, "jpeg", out)) {
                    throw new IllegalStateException("this Java writes no JPEG");
                }
            }
            return jpeg.toByteArray();
        } finally {
            places.release();
        }
    }

    private Optional<BufferedImage> picture(Archive archive, Thumbnails.Maker maker, Plan plan, int cell, UUID user)
            throws IOException, DriverException {
        Optional<KeyFrame> frame = plan.frames().get(cell);
        if (frame.isEmpty()) {
            return Optional.empty();
        }
        try {
            byte[] jpeg = thumbnails
                    .make(archive, maker, frame.get(), Thumbnails.width(plan.width()), user)
                    .jpeg();
            return Optional.ofNullable(ImageIO.read(new MemoryCacheImageInputStream(new ByteArrayInputStream(jpeg))));
        } catch (DriverException e) {
            if (e.kind() == Kind.UNSUPPORTED) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** Fits it into its cell, in its own shape. */
    private static void draw(Graphics2D graphics, BufferedImage picture, int x, int y, int width) {
        int height = height(width);
        double scale = Math.min((double) width / picture.getWidth(), (double) height / picture.getHeight());
        int shownWidth = Math.max(1, (int) Math.round(picture.getWidth() * scale));
        int shownHeight = Math.max(1, (int) Math.round(picture.getHeight() * scale));
        graphics.drawImage(
                picture, x + (width - shownWidth) / 2, y + (height - shownHeight) / 2, shownWidth, shownHeight, null);
    }

    private byte[] await(CompletableFuture<byte[]> others) throws IOException, DriverException {
        try {
            return others.get(waitMs, TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException io) {
                throw io;
            }
            if (e.getCause() instanceof DriverException failed) {
                throw failed;
            }
            throw new DriverException(Kind.BUSY, "the sheet was given up", e);
        } catch (TimeoutException e) {
            throw new DriverException(Kind.BUSY, "the sheet was not made in time", e);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new DriverException(Kind.BUSY, "the server is stopping", stop);
        }
    }

    private static String hash(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.US_ASCII));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
