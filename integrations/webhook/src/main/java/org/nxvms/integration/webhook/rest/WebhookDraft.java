// SPDX-License-Identifier: Apache-2.0
package org.nxvms.integration.webhook.rest;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.nxvms.integration.webhook.send.Signature;
import org.nxvms.integration.webhook.settings.ExtraHeaders;
import org.nxvms.integration.webhook.settings.Secrets;
import org.nxvms.integration.webhook.settings.Settings;
import org.nxvms.platform.api.event.EventFilter;
import org.nxvms.platform.api.event.EventSeverity;

/** What may be changed about an endpoint; what is left out stays, or has its default. */
@Schema(name = "WebhookChange")
public record WebhookDraft(
        @Schema(description = "Of a new one: 1..40 of a-z 0-9 _ -") Optional<String> name,
        @Schema(description = "https:// or http://, without user and password") Optional<String> url,
        @Schema(description = "Default true") Optional<Boolean> enabled,
        @Schema(description = "Replaces the whole filter; default all events") Optional<Filter> filter,
        @Schema(description = "100..60000, default 10000") Optional<Integer> timeoutMs,
        @Schema(description = "whsec_ and 24 to 64 bytes in base64; of a new one left out, one is made")
                Optional<String> secret,
        @Schema(description = "Replaces all of them; values are never given out again")
                Optional<Map<String, String>> headers) {

    /** As the parameters of {@code GET /api/v1/events}. */
    @Schema(name = "WebhookFilter")
    public record Filter(
            @Schema(description = "Kinds or families such as camera.*; empty = all") Optional<List<String>> kinds,
            @Schema(description = "Ids of cameras; empty = all events") Optional<List<UUID>> cameras,
            @Schema(
                            type = "string",
                            allowableValues = {"info", "warning", "critical"},
                            description = "And what matters more; default info")
                    Optional<EventSeverity> severity) {
        static Filter of(EventFilter filter) {
            return new Filter(
                    Optional.of(filter.kinds().stream().sorted().toList()),
                    Optional.of(filter.cameras().stream().sorted().toList()),
                    Optional.of(filter.severityMin()));
        }
    }

    /**
     * {@return the lines of the endpoint's file that this is about, checked; an empty value takes a line out}
     *
     * @throws IllegalArgumentException beginning with the field that cannot work
     * @throws org.nxvms.platform.api.StoreException while there is no vault and something is to be sealed
     */
    Map<String, String> values(String endpoint, Secrets secrets) {
        Map<String, String> values = new LinkedHashMap<>();
        url.ifPresent(
                text -> values.put(Settings.URL, Settings.url(text.strip()).toASCIIString()));
        enabled.ifPresent(on -> values.put(Settings.ENABLED, String.valueOf(on)));
        filter.ifPresent(wanted -> {
            List<String> kinds = wanted.kinds().orElse(List.of());
            String cameras = wanted.cameras().orElse(List.of()).stream()
                    .map(UUID::toString)
                    .collect(Collectors.joining(","));
            String severity =
                    wanted.severity().orElse(EventSeverity.INFO).name().toLowerCase(Locale.ROOT);
            Settings.filter(kinds, cameras.isEmpty() ? List.of() : List.of(cameras.split(",")), severity);
            values.put(Settings.KINDS, String.join(",", kinds));
            values.put(Settings.CAMERAS, cameras);
            values.put(Settings.SEVERITY, severity);
        });
        timeoutMs.ifPresent(ms -> values.put(Settings.TIMEOUT_MS, String.valueOf(ms)));
        secret.ifPresent(text -> {
            Signature.key(text.strip());
            values.put(Settings.SECRET, secrets.seal(endpoint, Settings.SECRET, text.strip()));
        });
        headers.ifPresent(
                all -> values.put(Settings.HEADERS, secrets.seal(endpoint, Settings.HEADERS, ExtraHeaders.write(all))));
        return values;
    }
}
