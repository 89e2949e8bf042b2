// SPDX-License-Identifier: Apache-2.0
package org.nxvms.integration.webhook.deliver;

import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.nxvms.integration.webhook.send.Answer;
import org.nxvms.platform.api.integration.Connection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How one endpoint fares: kept for who asks, and told to people when it changes. Changed by its courier's thread only. */
final class Fare {
    private static final Logger LOG = LoggerFactory.getLogger(Fare.class);

    /** What came of the last attempt. */
    record Seen(Connection.State state, String detail, int status, Optional<Instant> attempted) {}

    /** Since when it fails, by both clocks: people are told the one, and the other cannot be set. */
    private record Failing(Instant since, long sinceNs) {}

    private final String name;
    private final Voice voice;
    private final long tellNs;
    private volatile Seen seen;
    private Optional<Failing> failing = Optional.empty();
    private boolean told;
    private boolean arrived;

    /** @param tellMs how long it fails before people are told */
    Fare(String name, boolean enabled, Voice voice, long tellMs) {
        this.name = name;
        this.voice = voice;
        this.tellNs = TimeUnit.MILLISECONDS.toNanos(tellMs);
        this.seen = enabled
                ? new Seen(Connection.State.UP, "", 0, Optional.empty())
                : new Seen(Connection.State.DISABLED, "It is switched off.", 0, Optional.empty());
    }

    Seen seen() {
        return seen;
    }

    void attempted(Answer answer, Instant when) {
        seen = new Seen(seen.state(), seen.detail(), answer.status(), Optional.of(when));
    }

    void misconfigured(String why) {
        LOG.warn("Webhook {} sends nothing: {}", name, why);
        seen = new Seen(Connection.State.MISCONFIGURED, why + ".", 0, Optional.empty());
    }

    void recovered(Answer answer) {
        if (failing.isPresent()) {
            LOG.info("Webhook {} arrives again", name);
        }
        // The first time too: a courier before this one may have said that it fails.
        if (told || !arrived) {
            voice.recovered(name);
        }
        arrived = true;
        failing = Optional.empty();
        told = false;
        seen = new Seen(Connection.State.UP, "", answer.status(), seen.attempted());
    }

    /** @param again whether people are told although they were */
    void failed(Answer answer, boolean again) {
        if (failing.isEmpty()) {
            LOG.warn("Webhook {} does not arrive and is tried again: {}", name, answer.detail());
            failing = Optional.of(new Failing(Instant.now(), System.nanoTime()));
        }
        seen = new Seen(Connection.State.FAILING, answer.detail(), answer.status(), seen.attempted());
        Failing since = failing.get();
        if (System.nanoTime() - since.sinceNs() >= tellNs && (again || !told)) {
            told = true;
            voice.failing(name, since.since(), answer.detail());
        }
    }

    void gone(Answer answer) {
        seen = new Seen(
                Connection.State.DISABLED,
                "The endpoint answered 410: it wants nothing any more. Switch it on again when that was a mistake.",
                answer.status(),
                seen.attempted());
        voice.gone(name);
    }
}
