// SPDX-License-Identifier: Apache-2.0
package org.nxvms.integration.oidc.protocol;

import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.Resource;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.nxvms.integration.oidc.http.ProviderHttp;

/**
 * The keys a provider signs with. Kept for a quarter of an hour; a key nobody has seen yet has them read anew at once, twice
 * in half a minute at most, so that strangers with made-up tokens cannot use this server to keep a provider busy. While the
 * provider is away the last ones serve for an hour.
 */
final class ProviderKeys {
    private static final Duration KEPT = Duration.ofMinutes(15);
    private static final Duration INTERVAL = Duration.ofSeconds(30);
    private static final Duration OUTAGE = Duration.ofHours(1);

    private ProviderKeys() {}

    static JWKSource<SecurityContext> of(Discovery discovery, String issuer, ProviderHttp http, Duration limit) {
        return JWKSourceBuilder.<SecurityContext>create(url(issuer), ignored -> read(discovery, http))
                .cache(KEPT.toMillis(), 2 * limit.toMillis())
                .refreshAheadCache(false)
                .rateLimited(INTERVAL.toMillis())
                .outageTolerant(OUTAGE.toMillis())
                .build();
    }

    private static Resource read(Discovery discovery, ProviderHttp http) throws IOException {
        try {
            ProviderHttp.Answer answer = http.get(discovery.get().keys(), Optional.empty());
            if (answer.status() != 200) {
                throw new IOException("its keys are answered " + answer.status());
            }
            return new Resource(new String(answer.body(), StandardCharsets.UTF_8), "application/json");
        } catch (RefusedException unknown) {
            throw new IOException(unknown.getMessage(), unknown);
        }
    }

    /** Names the source; where the keys are is asked each time. */
    private static URL url(String issuer) {
        try {
            return URI.create(issuer).toURL();
        } catch (MalformedURLException e) {
            throw new IllegalArgumentException("issuer must be a URL", e);
        }
    }
}
