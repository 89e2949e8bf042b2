// SPDX-License-Identifier: Apache-2.0
package org.nxvms.export.job;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;
import org.nxvms.export.cut.EdgePictures;
import org.nxvms.export.cut.Fragments;
import org.nxvms.export.cut.Sample;
import org.nxvms.media.StreamFormat;
import org.nxvms.media.TrackFormat;
import org.nxvms.media.kit.nal.AvcIds;
import org.nxvms.media.kit.nal.TrackFormats;
import org.nxvms.media.worker.RealWorker;
import org.nxvms.platform.api.worker.MediaWorker.CodedPicture;
import org.nxvms.platform.api.worker.SourceEnd;
import org.nxvms.platform.api.worker.SourceListener;
import org.nxvms.platform.api.worker.SourceTrack;
import org.nxvms.platform.api.worker.TranscodeRequest;
import org.nxvms.platform.api.worker.TranscodeSession;

/**
 * Pictures of 320 x 240 that can be decoded, 25 a second: bright, with a bar that moves and tells which picture it is.
 *
 * @param pictures coded
 */
record RealFootage(StreamFormat format, List<EdgePictures.Picture> pictures) {
    static final int WIDTH = 320;
    static final int HEIGHT = 240;
    private static final int PICTURE_90K = 3_600;
    private static final int STILL_MS = 30_000;

    /** {@return the picture that a camera sees} Its lowest fifth is always the same. */
    private static BufferedImage scene(int number) {
        BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
        Graphics2D pen = image.createGraphics();
        pen.setColor(new Color(190, 170, 90));
        pen.fillRect(0, 0, WIDTH, HEIGHT);
        pen.setColor(new Color(240, 240, 240));
        pen.fillRect(number * 3 % WIDTH, 0, 12, HEIGHT * 4 / 5);
        pen.dispose();
        return image;
    }

    private static byte[] jpeg(int number) throws IOException {
        ByteArrayOutputStream jpeg = new ByteArrayOutputStream();
        ImageIO.write(scene(number), "jpeg", jpeg);
        return jpeg.toByteArray();
    }

    /** {@return what a camera of Motion JPEG sends} */
    static RealFootage mjpeg(int count) throws IOException {
        List<EdgePictures.Picture> pictures = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            pictures.add(new EdgePictures.Picture(true, (long) i * PICTURE_90K, ByteBuffer.wrap(jpeg(i))));
        }
        return new RealFootage(new StreamFormat(List.of(TrackFormats.mjpeg(WIDTH, HEIGHT))), pictures);
    }

    /** {@return the same as H.264, a key frame every two seconds} */
    RealFootage asH264(RealWorker real) throws Exception {
        EdgePictures made = new EdgePictures(0, Long.MAX_VALUE, new AvcIds(0, 0), 64 << 20);
        CompletableFuture<SourceEnd> end = new CompletableFuture<>();
        SourceListener listener = new SourceListener() {
            @Override
            public void opened(List<SourceTrack> tracks) {}

            @Override
            public void changed(int index, SourceTrack track) {}

            @Override
            public void unit(int index, int flags, long timestamp, ByteBuffer data) {
                made.take((flags & KEY) != 0, timestamp, data);
            }

            @Override
            public void ended(SourceEnd how) {
                end.complete(how);
            }
        };
        TranscodeRequest request = new TranscodeRequest("film", format.tracks().get(0), 0, 2_000, 2, Optional.empty());
        try (TranscodeSession session = real.worker.transcode(request, listener)) {
            for (EdgePictures.Picture picture : pictures) {
                session.picture(true, picture.time(), picture.data().duplicate());
            }
            session.finish();
            end.get(60, TimeUnit.SECONDS);
        }
        List<EdgePictures.Picture> coded = made.poll();
        return new RealFootage(new StreamFormat(List.of(TrackFormats.h264(made.sets()))), coded);
    }

    /** {@return a second of it as a fragment} */
    ByteBuffer fragment(int second) throws Exception {
        List<Sample> samples = pictures.subList(second * 25, second * 25 + 25).stream()
                .map(one -> new Sample(0, one.time(), one.time(), PICTURE_90K, one.key(), one.data()))
                .toList();
        return Fragments.fragment(format, samples);
    }

    /** {@return each picture as it is seen, decoded from its key frame on} */
    static List<BufferedImage> shown(RealWorker real, TrackFormat track, List<PlainMp4.Picture> coded)
            throws Exception {
        List<BufferedImage> shown = new ArrayList<>();
        int key = 0;
        for (int i = 0; i < coded.size(); i++) {
            key = coded.get(i).key() ? i : key;
            List<CodedPicture> group = coded.subList(key, i + 1).stream()
                    .map(one -> new CodedPicture(one.timeUs(), one.payload().duplicate()))
                    .toList();
            byte[] jpeg = real.worker.jpeg(track, group, coded.get(i).timeUs(), WIDTH, STILL_MS);
            shown.add(ImageIO.read(new ByteArrayInputStream(jpeg)));
        }
        return shown;
    }
}
