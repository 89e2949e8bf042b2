// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.access;

import java.util.Optional;
import java.util.UUID;
import java.util.function.LongSupplier;
import org.nxvms.platform.api.security.AuthenticatedUser;
import org.nxvms.platform.api.security.TooManyRequestsException;
import org.nxvms.rest.kit.rate.RequestRates;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * How often a user, and a program by its API key, may ask. Kept by who they are and not by from where, since a site's
 * people share an address. Each key counts by itself and not for its user: a program that runs wild shall not keep the
 * user from the console.
 */
@Component(service = CallerRates.class, configurationPid = "org.nxvms.security.rates")
@Designate(ocd = CallerRates.Config.class)
public final class CallerRates {
    /** How often callers may ask; {@code etc/org.nxvms.security.rates.cfg}. */
    @ObjectClassDefinition(
            name = "NXvms request rates",
            description = "How often one user or API key may ask; more is answered 429 with Retry-After")
    @interface Config {
        @AttributeDefinition(
                name = "Requests a second per user",
                description = "In the long run, over all sessions of the user. 0: no limit",
                min = "0",
                max = "100000")
        int userRequestsPerSecond() default 200;

        @AttributeDefinition(
                name = "Requests at once per user",
                description = "After a rest, beyond what comes by the second",
                min = "1",
                max = "1000000")
        int userRequestsBurst() default 2000;

        @AttributeDefinition(
                name = "Requests a second per API key",
                description = "In the long run. 0: no limit",
                min = "0",
                max = "100000")
        int keyRequestsPerSecond() default 100;

        @AttributeDefinition(
                name = "Requests at once per API key",
                description = "After a rest, beyond what comes by the second",
                min = "1",
                max = "1000000")
        int keyRequestsBurst() default 1000;
    }

    private final RequestRates users;
    private final RequestRates keys;

    @Activate
    public CallerRates(Config config) {
        this(config, System::nanoTime);
    }

    CallerRates(Config config, LongSupplier nanoClock) {
        users = new RequestRates(nanoClock);
        keys = new RequestRates(nanoClock);
        apply(config);
    }

    @Modified
    void apply(Config config) {
        users.limit(config.userRequestsPerSecond(), config.userRequestsBurst());
        keys.limit(config.keyRequestsPerSecond(), config.keyRequestsBurst());
    }

    /** Counts one request; {@return the same user} */
    AuthenticatedUser counted(AuthenticatedUser user) throws TooManyRequestsException {
        Optional<UUID> key = user.apiKey().map(AuthenticatedUser.ApiKey::id);
        int wait = key.isPresent()
                ? keys.take(key.get().toString())
                : users.take(user.id().toString());
        if (wait > 0) {
            throw new TooManyRequestsException(
                    "Too many requests of " + (key.isPresent() ? "this API key" : "user " + user.username())
                            + ". Try again in " + wait + " s.",
                    wait);
        }
        return user;
    }
}
