// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.web;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.nxvms.platform.api.event.EventAttributes;
import org.nxvms.platform.api.event.EventFact;
import org.nxvms.platform.api.event.EventKinds;
import org.nxvms.platform.api.event.EventPublisher;
import org.nxvms.platform.api.event.EventSeverity;
import org.nxvms.platform.api.event.EventSource;
import org.nxvms.platform.api.security.UserDirectory.User;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who did what to which user, said as an event and in the log. Users can be changed while events are away: somebody who
 * must be kept out cannot wait for them, and the log has it then.
 */
final class UserEvents {
    private static final Logger LOG = LoggerFactory.getLogger(UserEvents.class);

    private final Supplier<EventPublisher> publisher;
    private final LongSupplier nowMs;

    /** @param publisher gives null while events are away */
    UserEvents(Supplier<EventPublisher> publisher, LongSupplier nowMs) {
        this.publisher = publisher;
        this.nowMs = nowMs;
    }

    void added(User user, String by) {
        say(
                EventKinds.USER_ADDED,
                EventSeverity.INFO,
                user,
                by,
                "added user " + user.username() + " as " + user.role());
    }

    void changed(User before, User after, String by) {
        List<String> done = new ArrayList<>(2);
        if (!after.role().equals(before.role())) {
            done.add("made user " + after.username() + " " + after.role());
        }
        if (after.disabled() != before.disabled()) {
            done.add((after.disabled() ? "disabled user " : "enabled user ") + after.username());
        }
        if (done.isEmpty()) {
            // Another administrator did the same at this moment, and says so.
            return;
        }
        say(EventKinds.USER_CHANGED, EventSeverity.INFO, after, by, String.join(" and ", done));
    }

    void removed(User user, String by) {
        say(EventKinds.USER_REMOVED, EventSeverity.WARNING, user, by, "removed user " + user.username());
    }

    private void say(String kind, EventSeverity severity, User user, String by, String done) {
        LOG.info("{} {}", by, done);
        EventPublisher events = publisher.get();
        if (events != null) {
            events.pulse(
                    EventFact.of(
                            EventSource.user(user.id()),
                            kind,
                            severity,
                            by + " " + done,
                            EventAttributes.of(Map.of(
                                    "name", user.username(),
                                    "role", user.role(),
                                    "disabled", user.disabled(),
                                    "by", by))),
                    nowMs.getAsLong() * 1_000);
        }
    }
}
