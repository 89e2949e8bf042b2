// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.fake;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;
import org.nxvms.driver.spi.MaskSettings;
import org.nxvms.driver.spi.PrivacyMasks;
import org.nxvms.media.StreamRole;

/** Privacy masks of a device that has two, rectangles only, and puts corners on a grid of 20 by 20. */
public final class FakeMasks implements PrivacyMasks {
    private static final int GRID = 20;
    private static final int PLACES = 2;
    /** How many places are taken by masks that it tells nobody of. */
    public volatile int untold;
    /** What happens after it has done what it was told, before it says so. */
    public volatile Optional<DriverException> afterwards = Optional.empty();

    private final Map<String, MaskSettings> all = new LinkedHashMap<>();
    private int numbers;

    @Override
    public Options options() {
        return new Options(
                PLACES,
                4,
                true,
                List.of(MaskSettings.Kind.COLOR, MaskSettings.Kind.PIXELATED),
                false,
                List.of("#000000", "#ffffff"),
                false,
                Set.of(StreamRole.MAIN));
    }

    @Override
    public synchronized List<Mask> masks() {
        return all.entrySet().stream()
                .map(each -> new Mask(each.getKey(), each.getValue()))
                .toList();
    }

    @Override
    public synchronized Mask create(MaskSettings wanted) throws DriverException {
        if (all.size() + untold >= PLACES) {
            throw new DriverException(Kind.BUSY, "The camera has no place for another privacy mask.");
        }
        String token = "mask " + ++numbers;
        all.put(token, made(wanted, Optional.of("#000000")));
        said();
        return new Mask(token, all.get(token));
    }

    /** It has this one, as its own page made it: of whatever kind and shape. */
    public synchronized void put(String token, MaskSettings settings) {
        all.put(token, settings);
    }

    /** White is not to its taste when it is on. */
    @Override
    public synchronized Mask change(String token, MaskSettings wanted) throws DriverException {
        if (wanted.on() && wanted.color().equals(Optional.of("#ffffff"))) {
            throw new DriverException(Kind.CONFIG, "The camera refuses it: too bright.");
        }
        all.put(token, made(wanted, all.get(token).color()));
        said();
        return new Mask(token, all.get(token));
    }

    private static MaskSettings made(MaskSettings wanted, Optional<String> color) {
        return new MaskSettings(
                wanted.points().stream()
                        .map(point -> new MaskSettings.Point(rounded(point.x()), rounded(point.y())))
                        .toList(),
                wanted.kind(),
                wanted.kind() == MaskSettings.Kind.COLOR ? wanted.color().or(() -> color) : Optional.empty(),
                wanted.on());
    }

    private static double rounded(double part) {
        return Math.rint(part * GRID) / GRID;
    }

    @Override
    public synchronized void remove(String token) throws DriverException {
        all.remove(token);
        said();
    }

    private void said() throws DriverException {
        if (afterwards.isPresent()) {
            throw afterwards.get();
        }
    }
}
