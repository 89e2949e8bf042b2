// SPDX-License-Identifier: Apache-2.0
package org.nxvms.plugins;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.nxvms.platform.api.event.EventAttributes;
import org.nxvms.platform.api.event.EventFact;
import org.nxvms.platform.api.event.EventKinds;
import org.nxvms.platform.api.event.EventPublisher;
import org.nxvms.platform.api.event.EventSeverity;
import org.nxvms.platform.api.event.EventSource;
import org.nxvms.platform.api.plugin.SwapReceipt;
import org.nxvms.platform.api.plugin.SwapReceipt.Outcome;
import org.nxvms.platform.api.plugin.TrustedCertificate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who did what to which plugin, said as an event and in the log. */
final class PluginEvents {
    private static final Logger LOG = LoggerFactory.getLogger(PluginEvents.class);

    private final UUID serverId;
    private final Supplier<EventPublisher> publisher;

    /** @param publisher gives null while events are away; the log has it then */
    PluginEvents(UUID serverId, Supplier<EventPublisher> publisher) {
        this.serverId = serverId;
        this.publisher = publisher;
    }

    void over(SwapReceipt receipt) {
        String operation = receipt.operation().name().toLowerCase(Locale.ROOT);
        Map<String, Object> attributes = new HashMap<>(Map.of(
                "plugin", receipt.plugin(),
                "operation", operation,
                "by", receipt.by(),
                "receipt", receipt.id().toString()));
        receipt.to().or(receipt::from).ifPresent(version -> attributes.put("version", version));
        receipt.from().ifPresent(version -> attributes.put("before", version));
        if (receipt.outcome() == Outcome.DONE) {
            String kind = kind(receipt);
            say(
                    kind,
                    severity(kind, receipt),
                    receipt.plugin(),
                    receipt.by() + ": " + sentence(receipt, operation),
                    attributes);
        } else {
            String what = receipt.outcome() == Outcome.INTERRUPTED ? " was interrupted: " : " was refused: ";
            say(
                    EventKinds.PLUGIN_FAILED,
                    EventSeverity.WARNING,
                    receipt.plugin(),
                    receipt.by() + ": " + operation + " of " + named(receipt.plugin()) + what + receipt.detail(),
                    attributes);
        }
    }

    /** A plugin that is to run does not come up with the server. */
    void notUp(String plugin, String version, String why) {
        say(
                EventKinds.PLUGIN_FAILED,
                EventSeverity.WARNING,
                plugin,
                "Plugin " + plugin + " " + version + " does not come up: " + why,
                Map.of("plugin", plugin, "version", version, "operation", "start"));
    }

    void trusted(TrustedCertificate certificate, String by) {
        say(
                EventKinds.PLUGIN_TRUSTED,
                EventSeverity.WARNING,
                "",
                by + " trusts plugins signed by " + certificate.subject() + ", certificate " + certificate.sha256(),
                Map.of("certificate", certificate.sha256(), "subject", certificate.subject(), "by", by));
    }

    void distrusted(String sha256, String by) {
        say(
                EventKinds.PLUGIN_DISTRUSTED,
                EventSeverity.WARNING,
                "",
                by + " does not trust the certificate " + sha256 + " any more",
                Map.of("certificate", sha256, "by", by));
    }

    private void say(
            String kind, EventSeverity severity, String plugin, String sentence, Map<String, Object> attributes) {
        if (severity == EventSeverity.INFO) {
            LOG.info("{}", sentence);
        } else {
            LOG.warn("{}", sentence);
        }
        EventPublisher events = publisher.get();
        if (events != null) {
            events.pulse(
                    EventFact.of(
                            EventSource.server(serverId, plugin.isEmpty() ? "plugin" : "plugin/" + plugin),
                            kind,
                            severity,
                            sentence,
                            EventAttributes.of(attributes)),
                    System.currentTimeMillis() * 1_000);
        }
    }

    private static String kind(SwapReceipt receipt) {
        return switch (receipt.operation()) {
            case INSTALL -> EventKinds.PLUGIN_INSTALLED;
            case DISABLE -> EventKinds.PLUGIN_DISABLED;
            case ENABLE -> EventKinds.PLUGIN_ENABLED;
            case REMOVE -> EventKinds.PLUGIN_REMOVED;
            default -> EventKinds.PLUGIN_UPDATED;
        };
    }

    private static EventSeverity severity(String kind, SwapReceipt receipt) {
        boolean look = !receipt.detail().isEmpty()
                || kind.equals(EventKinds.PLUGIN_REMOVED)
                || kind.equals(EventKinds.PLUGIN_DISABLED);
        return look ? EventSeverity.WARNING : EventSeverity.INFO;
    }

    private static String sentence(SwapReceipt receipt, String operation) {
        String versions = receipt.from().map(from -> " from " + from).orElse("")
                + receipt.to().map(to -> " to " + to).orElse("");
        String detail = receipt.detail().isEmpty() ? "" : ". " + receipt.detail();
        return operation + " of plugin " + receipt.plugin() + versions + detail;
    }

    private static String named(String plugin) {
        return plugin.isEmpty() ? "a plugin" : "plugin " + plugin;
    }
}
