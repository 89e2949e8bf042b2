// SPDX-License-Identifier: Apache-2.0
package org.nxvms.integration.oidc.protocol;

import java.io.IOException;
import java.net.URI;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.nxvms.integration.oidc.http.ProviderHttp;

/**
 * A provider's discovery document, read when it is needed and kept for an hour. A provider that does not answer is asked
 * again by one caller every few seconds, however many want to sign in; the others are refused at once.
 */
final class Discovery {
    private static final long KEPT_NS = TimeUnit.HOURS.toNanos(1);
    private static final long RETRY_NS = TimeUnit.SECONDS.toNanos(5);
    private static final String PATH = "/.well-known/openid-configuration";

    private final String issuer;
    private final ProviderHttp http;
    private final LongSupplier nanoClock;
    private final ReentrantLock asking = new ReentrantLock();
    private volatile Known known;

    /** @param trouble why there is no metadata, or no newer one; empty when all is well */
    private record Known(Optional<Metadata> metadata, String trouble, long atNs) {}

    Discovery(String issuer, ProviderHttp http, LongSupplier nanoClock) {
        this.issuer = issuer;
        this.http = http;
        this.nanoClock = nanoClock;
    }

    /** {@return what the provider says of itself} An older document serves while there is no newer one. */
    Metadata get() throws RefusedException {
        Known now = known;
        if (now == null || nanoClock.getAsLong() - now.atNs() > (now.trouble().isEmpty() ? KEPT_NS : RETRY_NS)) {
            now = askInTurn(now);
        }
        if (now != null && now.metadata().isPresent()) {
            return now.metadata().get();
        }
        throw new RefusedException(
                Refusal.PROVIDER_UNREACHABLE,
                "provider " + issuer + ": " + (now == null ? "is being asked what it offers" : now.trouble()));
    }

    private Known askInTurn(Known before) {
        try {
            // The first ones wait for the one who asks; when it failed before, nobody waits.
            boolean mine = before == null ? asking.tryLock(5, TimeUnit.SECONDS) : asking.tryLock();
            if (!mine) {
                return known;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return known;
        }
        try {
            return known == before ? ask() : known;
        } finally {
            asking.unlock();
        }
    }

    /** Asks now, whatever is known. {@return why the provider cannot be used, empty when it can} */
    String probe() {
        asking.lock();
        try {
            return ask().trouble();
        } finally {
            asking.unlock();
        }
    }

    /** {@return as of the last time that it was asked; empty when all is well or nobody asked yet} */
    String trouble() {
        Known now = known;
        return now == null ? "" : now.trouble();
    }

    private Known ask() {
        Known before = known;
        try {
            String base = issuer.endsWith("/") ? issuer.substring(0, issuer.length() - 1) : issuer;
            ProviderHttp.Answer answer = http.get(URI.create(base + PATH), Optional.empty());
            if (answer.status() != 200) {
                throw new IOException("its discovery document " + base + PATH + " is answered " + answer.status());
            }
            known = new Known(Optional.of(Metadata.of(answer.json(), issuer)), "", nanoClock.getAsLong());
        } catch (IOException e) {
            known = new Known(
                    before == null ? Optional.empty() : before.metadata(),
                    RefusedException.line(e.getMessage()),
                    nanoClock.getAsLong());
        }
        return known;
    }
}
