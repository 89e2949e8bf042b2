// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.device;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.nxvms.simulator.clip.Cover;
import org.nxvms.simulator.fault.FaultKind;
import org.nxvms.simulator.fault.FaultSet;

/** Privacy masks of a device: four, of three to eight corners. What is set counts at once, and its pictures follow. Thread-safe. */
public final class Masks {
    public static final int MASKS_MAX = 4;
    public static final int CORNERS_MIN = 3;
    public static final int CORNERS_MAX = 8;
    private static final int GRID = 16;

    /**
     * One mask.
     *
     * @param on whether it hides
     */
    public record Mask(Cover cover, boolean on) {}

    private final Supplier<FaultSet> faults;
    private final Consumer<List<Cover>> shown;
    private final Map<String, Mask> masks = new LinkedHashMap<>();
    private int numbers;

    /** @param shown is told what is hidden from now on */
    Masks(Supplier<FaultSet> faults, Consumer<List<Cover>> shown) {
        this.faults = faults;
        this.shown = shown;
    }

    /** {@return all by their tokens, in their order} */
    public synchronized Map<String, Mask> all() {
        return new LinkedHashMap<>(masks);
    }

    /** {@return the new one's token; empty when there is no place} After {@link #isPossible}. */
    public synchronized Optional<String> create(Mask mask) {
        if (masks.size() == MASKS_MAX) {
            return Optional.empty();
        }
        String token = "mask_" + ++numbers;
        if (!keeps()) {
            masks.put(token, taken(mask));
            show();
        }
        return Optional.of(token);
    }

    /** {@return whether there is one of this token} After {@link #isPossible}. */
    public synchronized boolean set(String token, Mask mask) {
        boolean there = masks.containsKey(token);
        if (there && !keeps()) {
            masks.put(token, taken(mask));
            show();
        }
        return there;
    }

    /** {@return whether there was one of this token} */
    public synchronized boolean remove(String token) {
        boolean there = masks.containsKey(token);
        if (there && !keeps()) {
            masks.remove(token);
            show();
        }
        return there;
    }

    public static boolean isPossible(Mask mask) {
        List<Cover.Corner> corners = mask.cover().corners();
        return corners.size() >= CORNERS_MIN
                && corners.size() <= CORNERS_MAX
                && corners.stream().allMatch(each -> isWithin(each.x()) && isWithin(each.y()));
    }

    private static boolean isWithin(double part) {
        return part >= 0 && part <= 1;
    }

    private boolean keeps() {
        return faults.get().has(FaultKind.MASK_KEEPS);
    }

    private Mask taken(Mask mask) {
        if (!faults.get().has(FaultKind.MASK_ROUNDS)) {
            return mask;
        }
        List<Cover.Corner> rounded = new ArrayList<>();
        mask.cover().corners().forEach(each -> rounded.add(new Cover.Corner(rounded(each.x()), rounded(each.y()))));
        return new Mask(new Cover(rounded, mask.cover().paint()), mask.on());
    }

    private static double rounded(double part) {
        return Math.rint(part * GRID) / GRID;
    }

    private void show() {
        shown.accept(masks.values().stream().filter(Mask::on).map(Mask::cover).toList());
    }
}
