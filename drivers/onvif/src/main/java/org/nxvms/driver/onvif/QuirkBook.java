// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.onvif;

import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.nxvms.driver.onvif.QuirkFields.Wrong;
import org.nxvms.driver.spi.DeviceIdentity;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The quirks that count now, for all sessions: those of the document that came last. One that cannot be used changes nothing:
 * what was known before goes on, even when its own document has gone, until there is one that can be used, or none at all.
 * Thread-safe.
 */
final class QuirkBook {
    private static final Logger LOG = LoggerFactory.getLogger(QuirkBook.class);

    /** Documents that are there, by the order in which they came; one that cannot be used has no list. */
    private final TreeMap<Long, Optional<List<Quirk>>> there = new TreeMap<>();

    private volatile List<Quirk> current = List.of();

    /** @param number greater for one that came later */
    synchronized void add(long number, byte[] document, String from) {
        try {
            List<Quirk> quirks = QuirkFile.parse(document);
            there.put(number, Optional.of(quirks));
            LOG.info("{} quirks of ONVIF devices are known, by {}", quirks.size(), from);
        } catch (Wrong field) {
            there.put(number, Optional.empty());
            LOG.error(
                    "the quirks of ONVIF devices in {} are not used: {}; what was known before goes on. Correct the file and"
                            + " update the bundle",
                    from,
                    field.getMessage());
        }
        choose();
    }

    synchronized void remove(long number) {
        there.remove(number);
        choose();
    }

    private void choose() {
        if (there.isEmpty()) {
            current = List.of();
        }
        there.descendingMap().values().stream()
                .flatMap(Optional::stream)
                .findFirst()
                .ifPresent(newest -> current = newest);
    }

    /** {@return how a device differs, as it is known now} */
    Quirks of(DeviceIdentity device) {
        return current.stream()
                .filter(quirk -> quirk.isOf(device))
                .map(Quirk::quirks)
                .reduce(Quirks.NONE, Quirks::and);
    }
}
