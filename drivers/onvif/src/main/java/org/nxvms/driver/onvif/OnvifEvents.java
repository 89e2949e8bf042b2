// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.onvif;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.nxvms.driver.spi.DeviceEvents;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;

/** Events by a pull point (Core 9.2), or, where a device has none, by base notification; one feed at a time. */
final class OnvifEvents implements DeviceEvents {
    private final Services services;
    private final Set<String> otherSources;
    private final Supplier<Quirks> quirks;
    private final Surroundings surroundings;
    private volatile Feed open;
    private volatile Optional<FeedState> heard = Optional.empty();
    private volatile boolean closed;

    OnvifEvents(Services services, Set<String> otherSources, Supplier<Quirks> quirks, Surroundings surroundings) {
        this.services = services;
        this.otherSources = otherSources;
        this.quirks = quirks;
        this.surroundings = surroundings;
    }

    @Override
    public Feed subscribe() throws DriverException {
        services.http().requireOpen();
        Feed before = open;
        if (before != null) {
            before.close();
        }
        Feed feed = feed();
        open = feed;
        if (closed) {
            // Closed while the device was asked: close() did not see this feed.
            feed.close();
        }
        return feed;
    }

    private Feed pulled() throws DriverException {
        return feed(PullPoint.create(services));
    }

    private Feed pushed() throws DriverException {
        return feed(PushedNotifications.create(services, surroundings.inbox()));
    }

    private Feed feed(Subscription subscription) {
        FeedState state = new FeedState(otherSources, quirks, FeedState.Patience.USUAL, subscription.quietSeconds());
        heard = Optional.of(state);
        return new OnvifFeed(subscription, services.http(), state);
    }

    /** {@return states of inputs and outputs by part, as the feed that is open has heard them} */
    Map<String, Boolean> ports() {
        return heard.map(FeedState::ports).orElse(Map.of());
    }

    /** Notes that an output was switched. */
    void switched(String part, boolean on) {
        heard.ifPresent(state -> state.switched(part, on));
    }

    private Feed feed() throws DriverException {
        switch (surroundings.settings().events()) {
            case PULL -> {
                return pulled();
            }
            case PUSH -> {
                return pushed();
            }
            default -> {}
        }
        try {
            return pulled();
        } catch (DriverException none) {
            if (none.kind() != Kind.UNSUPPORTED && none.kind() != Kind.PROTOCOL) {
                throw none;
            }
            try {
                return pushed();
            } catch (DriverException neither) {
                // A device that garbles one answer is not one that cannot be asked.
                DriverException told = none.kind() == Kind.UNSUPPORTED ? neither : none;
                told.addSuppressed(told == none ? neither : none);
                throw told;
            }
        }
    }

    void close() {
        closed = true;
        Feed feed = open;
        if (feed != null) {
            feed.close();
        }
    }
}
