// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.clip;

import static org.bytedeco.ffmpeg.global.avutil.AV_LOG_ERROR;
import static org.bytedeco.ffmpeg.global.avutil.av_log_set_level;

import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import org.bytedeco.javacpp.Loader;

/** Draws and encodes a clip; the two renditions on two threads. */
final class ClipGenerator {
    private ClipGenerator() {}

    static Clip generate(ClipSpec spec, IntConsumer progress) throws ClipException {
        loadNatives();
        AtomicInteger done = new AtomicInteger();
        FutureTask<Clip.Video> subTask =
                new FutureTask<>(() -> encode(spec, FrameStrip.RENDITION_SUB, done, percent -> {}));
        Thread subThread = new Thread(subTask, "simulator-clip-sub");
        subThread.setDaemon(true);
        subThread.start();
        Clip.Audio aac = AacEncoder.encode();
        Clip.Video main = encode(spec, FrameStrip.RENDITION_MAIN, done, progress);
        Clip.Video sub = await(subTask);
        progress.accept(100);
        return new Clip(spec, main, sub, aac);
    }

    private static Clip.Video encode(ClipSpec spec, int rendition, AtomicInteger done, IntConsumer progress)
            throws ClipException {
        boolean isMain = rendition == FrameStrip.RENDITION_MAIN;
        ClipSpec.Rendition size = isMain ? spec.main() : spec.sub();
        Scene scene = new Scene(spec, rendition);
        int reported = -1;
        try (H264Encoder encoder = new H264Encoder(usual(spec, isMain), spec.fps())) {
            for (int frame = 0; frame < spec.frameCount(); frame++) {
                encoder.encode(scene.draw(frame));
                int percent = done.incrementAndGet() * 100 / (spec.frameCount() * 2);
                if (percent > reported && percent < 100) {
                    reported = percent;
                    progress.accept(percent);
                }
            }
            List<Clip.AccessUnit> units = encoder.finish();
            return new Clip.Video(size.width(), size.height(), units);
        }
    }

    /** {@return how a rendition of a clip is encoded} */
    static ClipVariants.Variant usual(ClipSpec spec, boolean main) {
        return new ClipVariants.Variant(
                main, main ? spec.main() : spec.sub(), 1, spec.gopFrames(), true, "High", List.of());
    }

    /** Draws and encodes the scene of a clip once more, on the calling thread. */
    static Clip.Video encode(ClipSpec spec, ClipVariants.Variant variant) throws ClipException {
        loadNatives();
        ClipSpec.Rendition size = variant.size();
        Scene scene = scene(spec, variant);
        try (H264Encoder encoder = new H264Encoder(variant, spec.fps())) {
            for (int frame = 0; frame < spec.frameCount(); frame += variant.every()) {
                encoder.encode(scene.draw(frame, View.WHOLE, variant.covers()));
            }
            return new Clip.Video(size.width(), size.height(), encoder.finish());
        }
    }

    /** {@return the scene of a clip in the size of a variant} */
    static Scene scene(ClipSpec spec, ClipVariants.Variant variant) {
        ClipSpec.Rendition size = variant.size();
        ClipSpec drawn = new ClipSpec(size, size, spec.fps(), spec.gopFrames(), spec.seconds());
        return new Scene(drawn, variant.main() ? FrameStrip.RENDITION_MAIN : FrameStrip.RENDITION_SUB);
    }

    static void loadNatives() throws ClipException {
        try {
            Loader.load(org.bytedeco.ffmpeg.global.avcodec.class);
            av_log_set_level(AV_LOG_ERROR);
        } catch (LinkageError | RuntimeException e) {
            throw new ClipException(
                    "FFmpeg's libraries for " + Loader.getPlatform()
                            + " are not on the class path or cannot be loaded; the clip can be made on linux-x86_64,"
                            + " or copied from there into this data folder",
                    e);
        }
    }

    private static Clip.Video await(FutureTask<Clip.Video> task) throws ClipException {
        try {
            return task.get();
        } catch (ExecutionException e) {
            throw new ClipException("the small picture could not be encoded: " + e.getCause(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ClipException("interrupted while encoding", e);
        }
    }
}
