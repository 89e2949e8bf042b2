// SPDX-License-Identifier: Apache-2.0
package org.nxvms.integration.webhook.rest;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.nxvms.integration.webhook.Webhooks;
import org.nxvms.integration.webhook.deliver.Courier;
import org.nxvms.integration.webhook.settings.EndpointFiles;
import org.nxvms.integration.webhook.settings.Settings;
import org.nxvms.platform.api.StoreException;
import org.nxvms.platform.api.integration.Connection;

/** An endpoint as it travels: its settings without what is secret, and how it fares. */
@Schema(name = "Webhook")
public record WebhookView(
        String name,
        String url,
        boolean enabled,
        WebhookDraft.Filter filter,
        int timeoutMs,
        @Schema(description = "Names of the headers it wants beside ours") List<String> headers,
        @Schema(description = "Once, in the answer that made it") Optional<String> secret,
        @Schema(description = "Absent for the seconds until its settings are carried out") Optional<Status> status) {

    /** How it fares. */
    @Schema(name = "WebhookStatus")
    public record Status(
            @Schema(
                            type = "string",
                            allowableValues = {"up", "failing", "misconfigured", "disabled"})
                    Connection.State state,
            @Schema(description = "What is wrong and what to do; empty when nothing is") String detail,
            @Schema(description = "HTTP status of the last attempt; absent when there was no answer")
                    Optional<Integer> lastStatus,
            Optional<Instant> lastAttempt,
            Optional<Instant> lastDelivery,
            @Schema(description = "Messages that arrived") long delivered,
            @Schema(description = "Attempts that failed") long failures,
            @Schema(description = "Events that were to be sent and never will be, at least") long lost,
            @Schema(description = "Events that wait, as last counted") long waiting) {
        static Status of(Courier courier) {
            Connection now = courier.connection();
            Connection.Figures figures = now.figures();
            return new Status(
                    now.state(),
                    now.detail(),
                    Optional.of(courier.lastStatus()).filter(status -> status > 0),
                    now.attempted(),
                    now.delivered(),
                    figures.delivered(),
                    figures.failures(),
                    figures.lost(),
                    figures.waiting());
        }
    }

    /** {@return an endpoint of which the file can be read; empty for one that somebody wrote by hand and that cannot work} */
    static Optional<WebhookView> of(EndpointFiles.Stored stored, Webhooks webhooks, Optional<String> freshSecret) {
        try {
            Settings settings = stored.settings();
            return Optional.of(new WebhookView(
                    settings.name(),
                    settings.url().toString(),
                    settings.enabled(),
                    WebhookDraft.Filter.of(settings.filter()),
                    settings.timeoutMs(),
                    headers(settings, webhooks),
                    freshSecret,
                    webhooks.courier(settings.name()).map(Status::of)));
        } catch (IllegalArgumentException byHand) {
            return Optional.empty();
        }
    }

    private static List<String> headers(Settings settings, Webhooks webhooks) {
        try {
            return List.copyOf(webhooks.secrets()
                    .headers(settings.name(), settings.headers())
                    .keySet());
        } catch (IllegalArgumentException | StoreException sealed) {
            // The status tells of it.
            return List.of();
        }
    }
}
