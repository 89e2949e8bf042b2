// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.device;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.nxvms.simulator.clip.ClipException;
import org.nxvms.simulator.clip.ClipSpec;
import org.nxvms.simulator.clip.ClipVariants;
import org.nxvms.simulator.clip.Cover;
import org.nxvms.simulator.fault.FaultKind;
import org.nxvms.simulator.rtp.PacketTrack;
import org.nxvms.simulator.rtp.Packetizers;
import org.nxvms.simulator.rtsp.Camera;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a device encodes its two streams, in H.264. What is set counts at once, and its stream follows when its pictures have
 * been made: a second or so for a small clip, longer for the standard one. Thread-safe; one thread makes pictures while there
 * are some to make.
 */
public final class Encoders {
    private static final Logger LOG = LoggerFactory.getLogger(Encoders.class);
    private static final int KBPS_MIN = 64;
    private static final double QUALITY_MAX = 10;
    /** Each picture, each second, fifth; where they divide the loop. */
    private static final List<Integer> EVERY = List.of(1, 2, 5);

    /** The size of a picture. */
    public record Size(int width, int height) {}

    /**
     * How a stream is encoded.
     *
     * @param quality is kept and told, and changes nothing
     */
    public record Setup(
            Size size, double fps, int kbps, boolean constant, double quality, int gopFrames, String profile) {}

    /**
     * What there is to choose from. Of rates that are not among them the next lower one is taken.
     *
     * @param sizes the largest first, as {@code rates}
     */
    public record Choices(
            List<Size> sizes,
            List<Double> rates,
            int kbpsMin,
            int kbpsMax,
            int gopMax,
            double qualityMax,
            List<String> profiles) {}

    /** The pictures of a stream, and how they were encoded. */
    record Made(PacketTrack track, ClipVariants.Variant variant) {}

    private final Camera camera;
    private final ClipSpec spec;
    private final ClipVariants variants;
    private final Map<Camera.Role, Setup> setups = new EnumMap<>(Camera.Role.class);
    private final Map<Camera.Role, Setup> toMake = new EnumMap<>(Camera.Role.class);
    private final Map<Camera.Role, Made> made = new EnumMap<>(Camera.Role.class);
    private boolean making;
    private List<Cover> covers = List.of();

    Encoders(Camera camera, ClipSpec spec, ClipVariants variants) {
        this.camera = camera;
        this.spec = spec;
        this.variants = variants;
        for (Camera.Role role : Camera.Role.values()) {
            setups.put(role, first(role));
            made.put(role, new Made(camera.video(role), variant(role, first(role), List.of())));
        }
    }

    private ClipSpec.Rendition rendition(Camera.Role role) {
        return role == Camera.Role.MAIN ? spec.main() : spec.sub();
    }

    private Setup first(Camera.Role role) {
        ClipSpec.Rendition its = rendition(role);
        return new Setup(
                new Size(its.width(), its.height()),
                spec.fps(),
                its.bitrateBps() / 1000,
                true,
                QUALITY_MAX / 2,
                spec.gopFrames(),
                "High");
    }

    public synchronized Setup now(Camera.Role role) {
        return setups.get(role);
    }

    public Choices choices(Camera.Role role) {
        List<Double> rates = new ArrayList<>(EVERY.stream()
                .filter(every -> spec.frameCount() % every == 0)
                .map(every -> (double) spec.fps() / every)
                .toList());
        return new Choices(
                sizes(role),
                rates,
                KBPS_MIN,
                rendition(role).bitrateBps() / 1000 * 2,
                spec.frameCount(),
                QUALITY_MAX,
                List.of("Baseline", "Main", "High"));
    }

    /** Those of both streams and their halves; the large picture is for the main stream only. */
    private List<Size> sizes(Camera.Role role) {
        Set<Size> sizes = new LinkedHashSet<>();
        for (Camera.Role each : Camera.Role.values()) {
            ClipSpec.Rendition its = rendition(each);
            sizes.add(new Size(its.width(), its.height()));
            if (its.width() % 32 == 0 && its.width() >= 320 && its.height() % 4 == 0 && its.height() >= 180) {
                sizes.add(new Size(its.width() / 2, its.height() / 2));
            }
        }
        if (role == Camera.Role.SUB && !spec.sub().equals(spec.main())) {
            sizes.remove(new Size(spec.main().width(), spec.main().height()));
        }
        return sizes.stream()
                .sorted(Comparator.comparingInt((Size size) -> size.width() * size.height())
                        .reversed())
                .toList();
    }

    /** {@return why it is not taken, in the device's words} Then nothing has changed. */
    public Optional<String> set(Camera.Role role, Setup wanted) {
        Choices choices = choices(role);
        Optional<Double> rate = choices.rates().stream()
                .filter(each -> each <= wanted.fps() + 0.01)
                .max(Double::compare);
        if (!choices.sizes().contains(wanted.size())) {
            return Optional.of("There is no such resolution.");
        }
        if (rate.isEmpty() || wanted.fps() > spec.fps() + 0.01) {
            return Optional.of("There is no such frame rate.");
        }
        if (wanted.kbps() < choices.kbpsMin() || wanted.kbps() > choices.kbpsMax()) {
            return Optional.of("There is no such bit rate.");
        }
        if (wanted.gopFrames() < 1 || wanted.gopFrames() > choices.gopMax()) {
            return Optional.of("There is no such distance of key frames.");
        }
        if (wanted.quality() < 0
                || wanted.quality() > QUALITY_MAX
                || !choices.profiles().contains(wanted.profile())) {
            return Optional.of("There is no such quality or profile.");
        }
        if (camera.faultSet().has(FaultKind.ENCODER_KEEPS)) {
            return Optional.empty();
        }
        boolean rounds = camera.faultSet().has(FaultKind.ENCODER_ROUNDS);
        int second = (int) Math.ceil(rate.get());
        take(
                role,
                new Setup(
                        wanted.size(),
                        rate.get(),
                        rounds ? Integer.highestOneBit(wanted.kbps()) : wanted.kbps(),
                        wanted.constant(),
                        wanted.quality(),
                        rounds ? Math.max(1, wanted.gopFrames() / second) * second : wanted.gopFrames(),
                        wanted.profile()));
        return Optional.empty();
    }

    /** Hides this in both streams: at once in stills, and in a stream when its pictures have been made. */
    synchronized void cover(List<Cover> all) {
        covers = List.copyOf(all);
        for (Camera.Role role : Camera.Role.values()) {
            take(role, setups.get(role));
        }
    }

    synchronized List<Cover> covers() {
        return covers;
    }

    private synchronized void take(Camera.Role role, Setup setup) {
        setups.put(role, setup);
        toMake.put(role, setup);
        if (!making) {
            making = true;
            Thread maker = new Thread(this::make, "simulator-encoder-" + camera.number());
            maker.setDaemon(true);
            maker.start();
        }
    }

    private void make() {
        for (Optional<Camera.Role> next = next(); next.isPresent(); next = next()) {
            Setup setup = taken(next.get());
            try {
                show(next.get(), setup);
            } catch (ClipException failed) {
                LOG.warn("camera {} goes on as it was encoded before: {}", camera.number(), failed.getMessage());
            }
        }
    }

    private synchronized Optional<Camera.Role> next() {
        Optional<Camera.Role> next = toMake.keySet().stream().findFirst();
        making = next.isPresent();
        return next;
    }

    /** One that was set meanwhile comes next. */
    private synchronized Setup taken(Camera.Role role) {
        return toMake.remove(role);
    }

    private void show(Camera.Role role, Setup setup) throws ClipException {
        ClipVariants.Variant variant = variant(role, setup, covers());
        PacketTrack track = isFirst(role, setup) && variant.covers().isEmpty()
                ? camera.video(role)
                : Packetizers.h264(variants.of(variant), spec, variant.every());
        synchronized (this) {
            made.put(role, new Made(track, variant));
        }
        camera.pictures(role).show(track);
    }

    private ClipVariants.Variant variant(Camera.Role role, Setup setup, List<Cover> covers) {
        return new ClipVariants.Variant(
                role == Camera.Role.MAIN,
                new ClipSpec.Rendition(setup.size().width(), setup.size().height(), setup.kbps() * 1000),
                (int) Math.round(spec.fps() / setup.fps()),
                setup.gopFrames(),
                setup.constant(),
                setup.profile(),
                covers);
    }

    /** {@return what a stream sends, as long as its head looks straight} It follows what is set. */
    synchronized Made made(Camera.Role role) {
        return made.get(role);
    }

    private boolean isFirst(Camera.Role role, Setup setup) {
        Setup first = first(role);
        return setup.equals(new Setup(
                first.size(),
                first.fps(),
                first.kbps(),
                first.constant(),
                setup.quality(),
                first.gopFrames(),
                first.profile()));
    }
}
