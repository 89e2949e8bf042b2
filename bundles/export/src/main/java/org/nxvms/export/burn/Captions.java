// SPDX-License-Identifier: Apache-2.0
package org.nxvms.export.burn;

import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.nxvms.platform.api.export.BurnIn;
import org.nxvms.rest.kit.problem.Times;

/** What is written into each picture of an export: a line of its own text, one of when the picture was taken and by whom it was ordered. */
public final class Captions {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSS xxx", Locale.ROOT);

    private final BurnIn burnIn;
    private final String user;

    /** @param user who ordered it */
    public Captions(BurnIn burnIn, String user) {
        this.burnIn = burnIn;
        this.user = user;
    }

    /** {@return the text of a picture, lines by {@code \n}; empty when there is none} */
    public Optional<String> of(long takenUs) {
        if (!burnIn.hasText()) {
            return Optional.empty();
        }
        List<String> when = new ArrayList<>();
        if (burnIn.time()) {
            when.add(TIME.format(Times.instant(takenUs).atZone(burnIn.zone())));
        }
        if (burnIn.user()) {
            when.add(user);
        }
        List<String> lines = new ArrayList<>();
        if (!burnIn.text().isEmpty()) {
            lines.add(burnIn.text());
        }
        if (!when.isEmpty()) {
            lines.add(String.join("  ", when));
        }
        return Optional.of(String.join("\n", lines));
    }
}
